"""Read Graph's synchronizationSchema; the one place that knows its camelCase.

Source: learn.microsoft.com/graph/api/resources/synchronization-synchronizationschema
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec

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

E = TypeVar("E", bound=StrEnum)
Json = Mapping[str, Any]

_TARGET = {
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": ObjectType.USER,
    "urn:ietf:params:scim:schemas:core:2.0:Group": ObjectType.GROUP,
}


class LoadedSchema(msgspec.Struct, frozen=True):
    """A schema as entrasim understands it, and the whole document it came from.

    The document is what is exported: nothing in it gets lost, understood or not.
    """

    schema: Schema
    document: dict[str, Any]


def read_schema(document: object, *, origin: str) -> LoadedSchema:
    """Read a synchronizationSchema document.

    Raises:
        ConfigurationError: every mistake at once, each with its place in the document.
    """
    reader = _Reader(origin)
    found = reader.members(document, "$")
    rule_path, rule = next(reader.objects(found, "synchronizationRules", "$"), ("$", {}))
    mappings = [
        m
        for p, o in reader.objects(rule, "objectMappings", rule_path)
        for m in reader.mapping(o, p)
    ]
    target_objects = dict(reader.target_objects(found, rule.get("targetDirectoryName")))
    for mapping in mappings:
        reader.check(mapping, target_objects)
    if not any(mapping.enabled for mapping in mappings):
        reader.problem("$.synchronizationRules", "no enabled mapping of users or groups")
    reader.finish()
    schema = Schema(
        id=str(found.get("id", "")),
        version=str(found.get("version", "")),
        rule_id=str(rule.get("id", "")),
        mappings=tuple(mappings),
        target_objects=target_objects,
        fingerprint=_fingerprint(mappings, target_objects),
    )
    return LoadedSchema(schema, dict(found))


def _fingerprint(mappings: Sequence[ObjectMapping], objects: Mapping[str, ObjectDefinition]) -> str:
    """A digest of all that decides what is sent; names and metadata have no part in it."""
    parts = [msgspec.structs.replace(mapping, name="") for mapping in mappings]
    canonical = msgspec.json.encode((parts, objects), order="deterministic")
    return blake2b(canonical, digest_size=16).hexdigest()


class _Reader:
    """Walks through the document and collects what is wrong with it."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._problems: list[str] = []

    def problem(self, place: str, message: str) -> None:
        self._problems.append(f"{self._origin}: {place}: {message}")

    def finish(self) -> None:
        if self._problems:
            raise ConfigurationError(*self._problems)

    def members(self, value: object, place: str) -> Json:
        if isinstance(value, dict):
            return value
        self.problem(place, f"expected an object, found {_kind(value)}")
        return {}

    def objects(self, parent: Json, key: str, place: str) -> Iterator[tuple[str, Json]]:
        """The objects of an array, each with its place."""
        value = parent.get(key) or []
        if not isinstance(value, list):
            self.problem(f"{place}.{key}", f"expected an array, found {_kind(value)}")
            return
        for index, element in enumerate(value):
            path = f"{place}.{key}[{index}]"
            yield path, self.members(element, path)

    def text(self, parent: Json, key: str, place: str) -> str:
        value = parent.get(key)
        if isinstance(value, str) and value:
            return value
        self.problem(f"{place}.{key}", f"expected a text, found {_kind(value)}")
        return ""

    def one_of(self, kind: type[E], parent: Json, key: str, place: str, default: E) -> E:
        value = parent.get(key)
        if value is None:
            return default
        for member in kind:
            if str(value).casefold() == member.casefold():
                return member
        known = ", ".join(kind)
        self.problem(f"{place}.{key}", f'"{value}" is none of {known}')
        return default

    def mapping(self, value: Json, place: str) -> Iterator[ObjectMapping]:
        """An object mapping that entrasim can carry out; auxiliary ones yield nothing."""
        target = value.get("targetObjectName")
        object_type = _TARGET.get(str(target))
        if not value.get("sourceObjectName") or object_type is None:
            if value.get("enabled"):
                self.problem(place, f'entrasim can\'t provision to "{target}"; disable the mapping')
            return
        attributes = self.objects(value, "attributeMappings", place)
        yield ObjectMapping(
            name=str(value.get("name") or ""),
            enabled=bool(value.get("enabled")),
            object_type=object_type,
            target_object=str(target),
            actions=frozenset(self._actions(value, place)),
            attributes=tuple(self._attribute(a, path) for path, a in attributes),
            filter_groups=tuple(self._filter_groups(value, place)),
        )

    def target_objects(
        self, document: Json, name: object
    ) -> Iterator[tuple[str, ObjectDefinition]]:
        """The object definitions of the target directory, by name."""
        for path, directory in self.objects(document, "directories", "$"):
            if directory.get("name") != name:
                continue
            for object_path, definition in self.objects(directory, "objects", path):
                attributes = self.objects(definition, "attributes", object_path)
                object_name = self.text(definition, "name", object_path)
                yield (
                    object_name,
                    ObjectDefinition(
                        name=object_name,
                        attributes=tuple(self._definition(a, p) for p, a in attributes),
                    ),
                )

    def check(self, mapping: ObjectMapping, objects: Mapping[str, ObjectDefinition]) -> None:
        """Find what the parts of a mapping say of one another."""
        place = f'object mapping "{mapping.name}"'
        definition = objects.get(mapping.target_object)
        known = {a.name for a in definition.attributes} if definition else set()
        counted = Counter(a.target_attribute for a in mapping.attributes)
        for attribute, count in counted.items():
            if attribute and attribute not in known:
                self.problem(place, f"{attribute} is not defined in the target directory")
            if count > 1:
                self.problem(place, f"{attribute} is mapped {count} times; once is allowed")
        if mapping.enabled and not any(a.matching_priority > 0 for a in mapping.attributes):
            self.problem(place, "no attribute has a matchingPriority above 0")

    def _actions(self, value: Json, place: str) -> Iterable[Action]:
        words = str(value.get("flowTypes", "Add,Update,Delete")).replace(",", " ").split()
        for word in words:
            try:
                yield Action(word.title())
            except ValueError:
                self.problem(f"{place}.flowTypes", f'"{word}" is none of Add, Update, Delete')

    def _attribute(self, value: Json, place: str) -> AttributeMapping:
        priority = value.get("matchingPriority") or 0
        if not isinstance(priority, int):
            self.problem(f"{place}.matchingPriority", f"expected a number, found {priority!r}")
            priority = 0
        default = value.get("defaultValue")
        behavior = FlowBehavior.WHEN_CHANGED
        return AttributeMapping(
            target_attribute=self.text(value, "targetAttributeName", place),
            expression=self._expression(value.get("source"), f"{place}.source"),
            default_value=None if default in {None, ""} else str(default),
            matching_priority=priority,
            flow_type=self.one_of(FlowType, value, "flowType", place, FlowType.ALWAYS),
            flow_behavior=self.one_of(FlowBehavior, value, "flowBehavior", place, behavior),
            export_missing_references=bool(value.get("exportMissingReferences")),
        )

    def _expression(self, source: object, place: str) -> str | None:
        """The text of a source; constants and attributes have a short form of their own."""
        if source is None:
            return None
        found = self.members(source, place)
        match str(found.get("type", "")).casefold():
            case "attribute":
                return f"[{self.text(found, 'name', place)}]"
            case "constant":
                text = str(found.get("name") or "")
                return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
            case "function":
                return self.text(found, "expression", place)
        self.problem(
            f"{place}.type", f"{found.get('type')!r} is none of Attribute, Constant, Function"
        )
        return None

    def _definition(self, value: Json, place: str) -> AttributeDefinition:
        return AttributeDefinition(
            name=self.text(value, "name", place),
            type=self.one_of(AttributeType, value, "type", place, AttributeType.STRING),
            case_exact=bool(value.get("caseExact")),
            multivalued=bool(value.get("multivalued")),
            required=bool(value.get("required")),
            mutability=str(value.get("mutability") or "ReadWrite"),
        )

    def _filter_groups(self, mapping: Json, place: str) -> Iterator[FilterGroup]:
        scope, path = mapping.get("scope"), f"{place}.scope"
        for group_path, group in self.objects(self.members(scope or {}, path), "groups", path):
            clauses = self.objects(group, "clauses", group_path)
            yield FilterGroup(
                name=str(group.get("name") or ""),
                clauses=tuple(self._clause(clause, p) for p, clause in clauses),
            )

    def _clause(self, clause: Json, place: str) -> FilterClause:
        operand = self.members(clause.get("targetOperand") or {}, f"{place}.targetOperand")
        return FilterClause(
            source_operand=self.text(clause, "sourceOperandName", place),
            operator=self.text(clause, "operatorName", place),
            values=tuple(str(value) for value in operand.get("values") or ()),
        )


def _kind(value: object) -> str:
    names = {dict: "an object", list: "an array", str: "a text", type(None): "nothing"}
    return names.get(type(value), repr(value))
