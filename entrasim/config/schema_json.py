"""Read Graph's synchronizationSchema; the one place that knows its camelCase.

Source: learn.microsoft.com/graph/api/resources/synchronization-synchronizationschema
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from entrasim.config.expression_text import expression_of
from entrasim.config.fingerprint import fingerprint
from entrasim.config.json_reader import ROOT, Json, JsonReader, inside
from entrasim.config.schema_rule import TARGET_OBJECTS, rule_index
from entrasim.errors import ConfigurationError
from entrasim.model.entry import ObjectType
from entrasim.model.schema import (
    Action,
    AttributeDefinition,
    AttributeMapping,
    AttributeType,
    FilterClause,
    FilterGroup,
    FlowBehavior,
    FlowType,
    ObjectDefinition,
    ObjectMapping,
    Schema,
)


class LoadedSchema(msgspec.Struct, frozen=True):
    """A schema as entrasim understands it, and the whole document it came from.

    The document is what is exported: nothing in it gets lost, understood or not.
    """

    schema: Schema
    document: dict[str, Any]


def read_schema(document: object, *, origin: str) -> LoadedSchema:
    """Read a synchronizationSchema document.

    What its parts say of one another is not looked at here.

    Raises:
        ConfigurationError: every mistake at once, each with its place in the document.
    """
    loaded, reader = examine_schema(document, origin=origin)
    if reader.problems:
        raise ConfigurationError(*reader.problems)
    return loaded


def examine_schema(document: object, *, origin: str) -> tuple[LoadedSchema, JsonReader]:
    """Read a document as far as it can be read; the reader tells what is wrong with it."""
    reader = JsonReader(origin)
    found = reader.members(document, ROOT)
    rules = list(reader.objects(found, "synchronizationRules", ROOT))
    rule_path, rule = rules[rule_index(found)] if rules else (ROOT, {})
    mappings = [
        mapping
        for path, value in reader.objects(rule, "objectMappings", rule_path)
        for mapping in _mapping(reader, value, path)
    ]
    target_objects = dict(_objects_of(reader, found, rule.get("targetDirectoryName")))
    schema = Schema(
        id=str(found.get("id", "")),
        version=str(found.get("version", "")),
        rule_id=str(rule.get("id", "")),
        mappings=tuple(mappings),
        target_objects=target_objects,
        source_objects=dict(_objects_of(reader, found, rule.get("sourceDirectoryName"))),
        fingerprint=fingerprint(mappings, target_objects),
    )
    if schema.mapping_of(ObjectType.USER) is None:
        reader.problem("synchronizationRules", "no enabled mapping of users; enable one")
    return LoadedSchema(schema, dict(found)), reader


def _mapping(reader: JsonReader, value: Json, place: str) -> Iterator[ObjectMapping]:
    """An object mapping that entrasim can carry out; auxiliary ones yield nothing."""
    source, target = value.get("sourceObjectName"), value.get("targetObjectName")
    object_type, enabled = TARGET_OBJECTS.get(str(target)), reader.flag(value, "enabled", place)
    if object_type is None or source != object_type:
        if enabled:
            known = ", ".join(f"{kind} to {name}" for name, kind in TARGET_OBJECTS.items())
            reader.problem(
                place,
                f'entrasim can\'t provision "{source}" to "{target}", only {known}; '
                "disable the mapping",
            )
        return
    attributes = reader.objects(value, "attributeMappings", place)
    yield ObjectMapping(
        name=str(value.get("name") or ""),
        enabled=enabled,
        object_type=object_type,
        target_object=str(target),
        actions=frozenset(_actions(reader, value, place)),
        attributes=tuple(_attribute(reader, a, path) for path, a in attributes),
        filter_groups=tuple(_filter_groups(reader, value, place)),
        place=place,
    )


def _actions(reader: JsonReader, value: Json, place: str) -> Iterable[Action]:
    """What flowTypes allows; with and without spaces, and everything if it isn't there."""
    words = value.get("flowTypes")
    if words is None:
        yield from Action
        return
    for word in str(words).replace(",", " ").split():
        try:
            yield Action(word.title())
        except ValueError:
            reader.problem(inside(place, "flowTypes"), f'"{word}" is none of {", ".join(Action)}')


def _attribute(reader: JsonReader, value: Json, place: str) -> AttributeMapping:
    default, behavior = value.get("defaultValue"), FlowBehavior.WHEN_CHANGED
    return AttributeMapping(
        target_attribute=reader.text(value, "targetAttributeName", place),
        expression=expression_of(value.get("source"), inside(place, "source"), reader),
        default_value=None if default is None or default == "" else str(default),
        matching_priority=reader.number(value, "matchingPriority", place),
        flow_type=reader.one_of(FlowType, value, "flowType", place, FlowType.ALWAYS),
        flow_behavior=reader.one_of(FlowBehavior, value, "flowBehavior", place, behavior),
        export_missing_references=reader.flag(value, "exportMissingReferences", place),
    )


def _filter_groups(reader: JsonReader, mapping: Json, place: str) -> Iterator[FilterGroup]:
    path = inside(place, "scope")
    scope = reader.members(mapping.get("scope") or {}, path)
    for group_path, group in reader.objects(scope, "groups", path):
        clauses = reader.objects(group, "clauses", group_path)
        yield FilterGroup(
            name=str(group.get("name") or ""),
            clauses=tuple(_clause(reader, clause, p) for p, clause in clauses),
        )


def _clause(reader: JsonReader, clause: Json, place: str) -> FilterClause:
    path = inside(place, "targetOperand")
    operand = reader.members(clause.get("targetOperand") or {}, path)
    return FilterClause(
        source_operand=reader.text(clause, "sourceOperandName", place),
        operator=reader.text(clause, "operatorName", place),
        values=tuple(_operands(reader, operand, path)),
    )


def _operands(reader: JsonReader, operand: Json, path: str) -> Iterator[str]:
    for value in reader.elements(operand, "values", path):
        if isinstance(value, str | bool | int):
            yield str(value)
        else:
            reader.problem(inside(path, "values"), f"expected texts, found {value!r}")


def _objects_of(
    reader: JsonReader, document: Json, name: object
) -> Iterator[tuple[str, ObjectDefinition]]:
    """The object definitions of a directory, by name."""
    for path, directory in reader.objects(document, "directories", ROOT):
        if directory.get("name") != name:
            continue
        for object_path, definition in reader.objects(directory, "objects", path):
            attributes = reader.objects(definition, "attributes", object_path)
            known = reader.text(definition, "name", object_path)
            defined = tuple(_definition(reader, a, p) for p, a in attributes)
            yield known, ObjectDefinition(name=known, attributes=defined)


def _definition(reader: JsonReader, value: Json, place: str) -> AttributeDefinition:
    return AttributeDefinition(
        name=reader.text(value, "name", place),
        type=reader.one_of(AttributeType, value, "type", place, AttributeType.STRING),
        case_exact=reader.flag(value, "caseExact", place),
        multivalued=reader.flag(value, "multivalued", place),
        required=reader.flag(value, "required", place),
        mutability=str(value.get("mutability") or "ReadWrite"),
    )
