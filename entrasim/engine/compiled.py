"""An object mapping, compiled once per cycle and evaluated for every object."""

from __future__ import annotations

from dataclasses import dataclass, replace

from msgspec import structs

from entrasim.engine.expressions import (
    NOWHERE,
    VOLATILE,
    Evaluate,
    Surroundings,
    attributes_of,
    compile_expression,
    functions_of,
    parse,
    redacts,
)
from entrasim.engine.expressions.tree import Attribute, Call
from entrasim.engine.filtering import Filter, compile_filter
from entrasim.model.entry import ObjectType
from entrasim.model.schema import (
    Action,
    AttributeDefinition,
    AttributeMapping,
    AttributeType,
    FlowBehavior,
    FlowType,
    NullSource,
    ObjectMapping,
    Readings,
    Schema,
)

SOFT_DELETED = "IsSoftDeleted"
"""The computed source attribute: true once somebody must not have access any more."""

APP_ROLES = "appRoleAssignments"
"""The source attribute with the app roles that a user was assigned."""

ADD_ROLES = "AppRoleAssignmentsComplex"
"""The function whose roles are added to those the target holds."""

ASSERT_ROLES = "AssertiveAppRoleAssignmentsComplex"
"""The function whose roles replace those the target holds."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One attribute mapping, ready to be evaluated.

    Attributes:
        definition: the target attribute's type and case rule.
        evaluate: gives the value from the source attributes.
        reads: the source attributes that the value hangs on.
        function: the outermost function of its expression.
        redacted: whether logs and plans must not show the value.
        volatile: whether it gives something else each time.
        reference: the source attribute that a reference is taken from.
    """

    mapping: AttributeMapping
    definition: AttributeDefinition
    evaluate: Evaluate
    reads: frozenset[str] = frozenset()
    function: str | None = None
    redacted: bool = False
    volatile: bool = False
    reference: str | None = None

    @property
    def attribute(self) -> str:
        """The target attribute, as the mapping spells it."""
        return self.mapping.target_attribute

    @property
    def reads_soft_deleted(self) -> bool:
        """Whether it has a say in disabling and enabling."""
        return SOFT_DELETED in self.reads


@dataclass(frozen=True, slots=True)
class CompiledMapping:
    """How one kind of object is carried over.

    Attributes:
        flows: the attribute mappings with a plain value.
        references: those whose value is another object.
        memberships: those whose value is many other objects.
        matching: those by which an object is recognised, in order of priority.
        asks: the scoping filter, if there is one.
    """

    object_type: ObjectType
    actions: frozenset[Action]
    flows: tuple[Flow, ...]
    references: tuple[Flow, ...]
    memberships: tuple[Flow, ...]
    matching: tuple[Flow, ...]
    asks: Filter | None

    @property
    def can_disable(self) -> bool:
        """Whether anything in the target tells that somebody left."""
        return Action.UPDATE in self.actions and any(f.reads_soft_deleted for f in self.flows)

    @property
    def exporting_missing(self) -> frozenset[str]:
        """The references that are cleared when whom they point to is out of scope."""
        return frozenset(
            f.attribute for f in self.references if f.mapping.export_missing_references
        )

    @property
    def reads_app_roles(self) -> bool:
        """Whether a change of roles can change anything in the target."""
        return any(APP_ROLES in flow.reads for flow in self.flows)

    def without_app_roles(self) -> CompiledMapping:
        """The same without the mappings that send roles."""
        return replace(self, flows=tuple(f for f in self.flows if APP_ROLES not in f.reads))

    def for_comparison(self) -> CompiledMapping:
        """The same without what says nothing of a target object that it is compared with.

        That is a value which is another one each time, and one that is sent though it is
        there already.
        """
        when_changed = FlowBehavior.WHEN_CHANGED
        flows = (
            replace(flow, mapping=structs.replace(flow.mapping, flow_behavior=when_changed))
            for flow in self.flows
            if not flow.volatile
        )
        return replace(self, flows=tuple(flows))


def compile_schema(
    schema: Schema, surroundings: Surroundings = NOWHERE
) -> dict[ObjectType, CompiledMapping]:
    """Compile the enabled object mappings of a schema, by kind of object, users first.

    Raises:
        ExpressionError: an expression can't be read.
        ValueError: a clause of a filter can't be read.
    """
    enabled = {kind: schema.mapping_of(kind) for kind in ObjectType}
    return {
        kind: _compile_mapping(found, schema, surroundings)
        for kind, found in enabled.items()
        if found
    }


def _compile_mapping(
    mapping: ObjectMapping, schema: Schema, surroundings: Surroundings
) -> CompiledMapping:
    definitions = _definitions(mapping, schema)
    attributes = [_as_read(attribute, schema.readings) for attribute in mapping.attributes]
    flows = [_compile_flow(a, definitions[a.target_attribute], surroundings) for a in attributes]
    plain = tuple(flow for flow in flows if flow.reference is None)
    references = [flow for flow in flows if flow.reference is not None]
    return CompiledMapping(
        object_type=mapping.object_type,
        actions=mapping.actions,
        flows=plain,
        references=tuple(flow for flow in references if not flow.definition.multivalued),
        memberships=tuple(flow for flow in references if flow.definition.multivalued),
        matching=tuple(
            sorted(
                (flow for flow in plain if flow.mapping.matching_priority > 0),
                key=lambda flow: flow.mapping.matching_priority,
            )
        ),
        asks=compile_filter(mapping.filter_groups, schema.readings.regex_match),
    )


def _as_read(mapping: AttributeMapping, readings: Readings) -> AttributeMapping:
    """A mapping of kind None sends its default value always, or only while there is nothing."""
    always = mapping.expression is None and mapping.flow_type is FlowType.ALWAYS
    if always and readings.null_source is NullSource.WHILE_EMPTY:
        return structs.replace(mapping, flow_type=FlowType.ATTRIBUTE_ADD_ONLY)
    return mapping


def _definitions(mapping: ObjectMapping, schema: Schema) -> dict[str, AttributeDefinition]:
    return {a.name: a for a in schema.target_objects[mapping.target_object].attributes}


def _compile_flow(
    mapping: AttributeMapping, definition: AttributeDefinition, surroundings: Surroundings
) -> Flow:
    if mapping.expression is None:
        constant = mapping.default_value
        return Flow(mapping, definition, lambda _: constant)
    tree = parse(mapping.expression)
    is_reference = definition.type is AttributeType.REFERENCE and isinstance(tree, Attribute)
    return Flow(
        mapping,
        definition,
        compile_expression(mapping.expression, surroundings),
        reads=frozenset(attributes_of(tree)),
        function=tree.function if isinstance(tree, Call) else None,
        redacted=redacts(tree),
        volatile=not VOLATILE.isdisjoint(functions_of(tree)),
        reference=tree.name if is_reference and isinstance(tree, Attribute) else None,
    )
