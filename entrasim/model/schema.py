"""The synchronization schema: which attributes flow, from where to where, and for whom.

Nouns and fields are those of Microsoft Graph's `synchronizationSchema`
(learn.microsoft.com/graph/api/resources/synchronization-synchronizationschema).
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from entrasim.model.entry import ObjectType, Value


class AttributeType(StrEnum):
    """The type a directory definition gives to an attribute."""

    STRING = "String"
    INTEGER = "Integer"
    REFERENCE = "Reference"
    BINARY = "Binary"
    BOOLEAN = "Boolean"
    DATE_TIME = "DateTime"


class FlowType(StrEnum):
    """On which occasions an attribute mapping sends its value."""

    ALWAYS = "Always"
    OBJECT_ADD_ONLY = "ObjectAddOnly"
    MULTI_VALUE_ADD_ONLY = "MultiValueAddOnly"
    VALUE_ADD_ONLY = "ValueAddOnly"
    ATTRIBUTE_ADD_ONLY = "AttributeAddOnly"


class FlowBehavior(StrEnum):
    """Whether an attribute is sent when it differs, or every time."""

    WHEN_CHANGED = "FlowWhenChanged"
    ALWAYS = "FlowAlways"


class Action(StrEnum):
    """What an object mapping allows to be done in the target."""

    ADD = "Add"
    UPDATE = "Update"
    DELETE = "Delete"


class NullSource(StrEnum):
    """When a mapping without a source sends its default value."""

    ALWAYS = "always"
    WHILE_EMPTY = "while_empty"


class EmptyCondition(StrEnum):
    """What a condition does when an attribute that it asks for is empty."""

    NULL = "null"
    FALSE = "false"
    ERROR = "error"


class RegexMatch(StrEnum):
    """How much of a value the regular expression of a filter must match."""

    WHOLE = "whole"
    ANYWHERE = "anywhere"


class Readings(Struct, frozen=True, kw_only=True):
    """How mappings are read where Microsoft's pages are silent or contradict each other.

    Attributes:
        regex_match: whether a filter's pattern must match the whole value.
        null_source: when a mapping without a source sends its default value.
        empty_condition: what `IIF` and `CBool` do about an empty attribute in a condition.
    """

    regex_match: RegexMatch = RegexMatch.WHOLE
    null_source: NullSource = NullSource.ALWAYS
    empty_condition: EmptyCondition = EmptyCondition.NULL


class AttributeDefinition(Struct, frozen=True, kw_only=True):
    """An attribute that a directory object can have."""

    name: str
    type: AttributeType = AttributeType.STRING
    case_exact: bool = False
    multivalued: bool = False
    required: bool = False
    mutability: str = "ReadWrite"


class ObjectDefinition(Struct, frozen=True, kw_only=True):
    """A kind of object that a directory holds."""

    name: str
    attributes: tuple[AttributeDefinition, ...]


class AttributeMapping(Struct, frozen=True, kw_only=True):
    """One target attribute and the expression that gives its value.

    `expression` is None for a mapping of kind None, which only has a default value.
    """

    target_attribute: str
    expression: str | None
    default_value: str | None = None
    matching_priority: int = 0
    flow_type: FlowType = FlowType.ALWAYS
    flow_behavior: FlowBehavior = FlowBehavior.WHEN_CHANGED
    export_missing_references: bool = False


class FilterClause(Struct, frozen=True, kw_only=True):
    """One condition on a source attribute; of several values one is enough."""

    source_operand: str
    operator: str
    values: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The clause as people read and write it: `department EQUALS "Sales"`."""
        values = ('"' + value.replace('"', '\\"') + '"' for value in self.values)
        return f"{self.source_operand} {self.operator} {', '.join(values)}".rstrip()


class FilterGroup(Struct, frozen=True, kw_only=True):
    """Clauses that must all hold; of several groups one is enough."""

    name: str = ""
    clauses: tuple[FilterClause, ...] = ()


class ObjectMapping(Struct, frozen=True, kw_only=True):
    """How one kind of source object becomes one kind of target object.

    `place` is the path to it in the document it was read from, for people.
    """

    name: str
    enabled: bool
    object_type: ObjectType
    target_object: str
    actions: frozenset[Action] = frozenset(Action)
    attributes: tuple[AttributeMapping, ...] = ()
    filter_groups: tuple[FilterGroup, ...] = ()
    place: str = ""


class Schema(Struct, frozen=True, kw_only=True):
    """A synchronization schema, read.

    Attributes:
        id: the schema's id.
        version: the text Entra sends as `adscimversion`; constant until the schema changes.
        rule_id: the id of the synchronization rule the mappings belong to.
        mappings: the object mappings that entrasim can carry out.
        target_objects: the target directory's objects by name.
        source_objects: the source directory's.
        readings: how it is read where Microsoft's pages leave that open; no part of Graph's
            document.
        fingerprint: changes when mappings or filters do, and with it the next cycle
            becomes an initial one.
    """

    id: str
    version: str
    rule_id: str
    mappings: tuple[ObjectMapping, ...]
    target_objects: dict[str, ObjectDefinition]
    fingerprint: str
    source_objects: dict[str, ObjectDefinition] = {}
    readings: Readings = Readings()

    def mapping_of(self, object_type: ObjectType) -> ObjectMapping | None:
        """Find the enabled mapping of a kind of object, if it has one."""
        for mapping in self.mappings:
            if mapping.object_type is object_type and mapping.enabled:
                return mapping
        return None


Values = dict[str, Value]
"""Target attribute names, as the mapping spells them, and their values."""
