"""An object mapping, compiled once per cycle and evaluated for every object."""

from __future__ import annotations

from dataclasses import dataclass

from entrasim.engine.expressions import (
    Evaluate,
    ExpressionError,
    attributes_of,
    compile_expression,
    parse,
)
from entrasim.engine.expressions.tree import Attribute
from entrasim.model.entry import ObjectType
from entrasim.model.schema import (
    Action,
    AttributeDefinition,
    AttributeMapping,
    AttributeType,
    FilterGroup,
    ObjectMapping,
    Schema,
)

SOFT_DELETED = "IsSoftDeleted"
"""The computed source attribute: true once somebody must not have access any more."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One attribute mapping, ready to be evaluated.

    Attributes:
        definition: the target attribute's type and case rule.
        evaluate: gives the value from the source attributes.
        reads_soft_deleted: whether it has a say in disabling and enabling.
        reference: the source attribute that a reference is taken from.
    """

    mapping: AttributeMapping
    definition: AttributeDefinition
    evaluate: Evaluate
    reads_soft_deleted: bool
    reference: str | None

    @property
    def attribute(self) -> str:
        """The target attribute, as the mapping spells it."""
        return self.mapping.target_attribute


@dataclass(frozen=True, slots=True)
class CompiledMapping:
    """How one kind of object is carried over.

    Attributes:
        flows: the attribute mappings with a plain value.
        references: those whose value is another object.
        matching: those by which an object is recognised, in order of priority.
    """

    object_type: ObjectType
    actions: frozenset[Action]
    flows: tuple[Flow, ...]
    references: tuple[Flow, ...]
    matching: tuple[Flow, ...]
    filter_groups: tuple[FilterGroup, ...]

    @property
    def can_disable(self) -> bool:
        """Whether anything in the target tells that somebody left."""
        return Action.UPDATE in self.actions and any(f.reads_soft_deleted for f in self.flows)


def compile_schema(schema: Schema) -> dict[ObjectType, CompiledMapping]:
    """Compile the enabled object mappings of a schema, by kind of object.

    Users only: a group entitles its members, but is not provisioned itself yet.

    Raises:
        ExpressionError: an expression can't be read.
    """
    return {
        mapping.object_type: _compile_mapping(mapping, schema)
        for mapping in schema.mappings
        if mapping.enabled and mapping.object_type is ObjectType.USER
    }


def mistakes(schema: Schema) -> list[str]:
    """Every expression of a schema's enabled mappings that can't be read, and why."""
    found = []
    for mapping in schema.mappings:
        definitions = _definitions(mapping, schema)
        for attribute in mapping.attributes if mapping.enabled else ():
            try:
                _compile_flow(attribute, definitions[attribute.target_attribute])
            except ExpressionError as error:
                found.append(f"{attribute.target_attribute}: {error}")
    return found


def _compile_mapping(mapping: ObjectMapping, schema: Schema) -> CompiledMapping:
    definitions = _definitions(mapping, schema)
    flows = [_compile_flow(m, definitions[m.target_attribute]) for m in mapping.attributes]
    plain = tuple(flow for flow in flows if flow.reference is None)
    return CompiledMapping(
        object_type=mapping.object_type,
        actions=mapping.actions,
        flows=plain,
        references=tuple(flow for flow in flows if flow.reference is not None),
        matching=tuple(
            sorted(
                (flow for flow in plain if flow.mapping.matching_priority > 0),
                key=lambda flow: flow.mapping.matching_priority,
            )
        ),
        filter_groups=mapping.filter_groups,
    )


def _definitions(mapping: ObjectMapping, schema: Schema) -> dict[str, AttributeDefinition]:
    return {a.name: a for a in schema.target_objects[mapping.target_object].attributes}


def _compile_flow(mapping: AttributeMapping, definition: AttributeDefinition) -> Flow:
    if mapping.expression is None:
        constant = mapping.default_value
        return Flow(
            mapping, definition, lambda _: constant, reads_soft_deleted=False, reference=None
        )
    tree = parse(mapping.expression)
    is_reference = definition.type is AttributeType.REFERENCE and isinstance(tree, Attribute)
    return Flow(
        mapping,
        definition,
        compile_expression(mapping.expression),
        reads_soft_deleted=SOFT_DELETED in attributes_of(tree),
        reference=tree.name if is_reference and isinstance(tree, Attribute) else None,
    )
