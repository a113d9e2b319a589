"""Mapping: what a source object should look like in the target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from entrasim.engine.compiled import ASSERT_ROLES, SOFT_DELETED, CompiledMapping, Flow
from entrasim.engine.expressions import ROLE_FUNCTIONS, SELECT_UNIQUE
from entrasim.engine.expressions.functions.values import shown
from entrasim.errors import SourceObjectError
from entrasim.model.decision import REDACTED
from entrasim.model.entry import Entry, Value
from entrasim.model.schema import AttributeType, Values

ORIGINAL_NAME = "originalUserPrincipalName"  # differs from the other of guests alone
_LISTS = ROLE_FUNCTIONS | {SELECT_UNIQUE}
_EMPTY: tuple[Value, ...] = (None, "", ())


def map_values(flows: Iterable[Flow], entry: Entry, *, soft_deleted: bool) -> Values:
    """Evaluate attribute mappings; an attribute without a value is left out.

    Raises:
        SourceObjectError: a value doesn't fit the target attribute's type.
    """
    attributes = source_attributes(entry, soft_deleted=soft_deleted)
    values = ((flow, _evaluated(flow, attributes)) for flow in flows)
    return {flow.attribute: value for flow, value in values if value is not None}


def source_attributes(entry: Entry, *, soft_deleted: bool) -> dict[str, Value]:
    """What expressions may ask of an object: its properties, and what is computed of it."""
    return {
        ORIGINAL_NAME: entry.properties.get("userPrincipalName"),
        **entry.properties,
        SOFT_DELETED: soft_deleted,
    }


def map_defaults(compiled: CompiledMapping) -> Values:
    """What a new object gets where the source has nothing."""
    return {
        flow.attribute: _default(flow)
        for flow in compiled.flows
        if flow.mapping.default_value is not None
    }


def map_references(compiled: CompiledMapping, entry: Entry) -> dict[str, tuple[str, ...]]:
    """The source ids that each reference attribute of the target should point to."""
    return {
        flow.attribute: entry.references.get(flow.reference, ())
        for flow in compiled.references
        if flow.reference is not None
    }


def _evaluated(flow: Flow, attributes: Mapping[str, Value]) -> Value:
    """A value worth sending, or None: of empty ones, roles alone say that there are none."""
    try:
        value = flow.evaluate(attributes)
        if value in _EMPTY:
            return () if flow.function == ASSERT_ROLES else None
        return _typed(_single(value, flow), flow)
    except SourceObjectError as error:
        raise _told_of(flow, error) from None


def _default(flow: Flow) -> Value:
    try:
        return _typed(flow.mapping.default_value, flow)
    except SourceObjectError as error:
        raise _told_of(flow, error) from None


def _told_of(flow: Flow, error: SourceObjectError) -> SourceObjectError:
    told = f"fails ({REDACTED})" if flow.redacted else str(error)
    return SourceObjectError(f"{flow.attribute}: {told}", code=error.code)


def _single(value: Value, flow: Flow) -> Value:
    """The one value that a target attribute takes which isn't multi-valued; roles may be more."""
    if not isinstance(value, tuple) or flow.definition.multivalued or flow.function in _LISTS:
        return value
    if len(value) > 1:
        raise SourceObjectError(
            f"takes one value, and {flow.mapping.expression} gives {len(value)}; choose one "
            'by Item, put them together by Join, or define the attribute as "multivalued"',
            code="InvalidValue",
        )
    return value[0]


def _typed(value: Value, flow: Flow) -> Value:
    """Give a mapped text the target attribute's type (`"False"` is a boolean there)."""
    match flow.definition.type, value:
        case AttributeType.BOOLEAN, str() if value.casefold() in {"true", "false"}:
            return value.casefold() == "true"
        case AttributeType.INTEGER, str() if value.lstrip("-").isdecimal():
            return int(value)
        case AttributeType.BOOLEAN, bool():
            return value
        case AttributeType.INTEGER, int() if not isinstance(value, bool):
            return value
        case AttributeType.BOOLEAN | AttributeType.INTEGER, _:
            raise SourceObjectError(
                f"is of type {flow.definition.type.value}, "
                f"but {flow.mapping.expression or 'its default value'} gives {shown(value)}",
                code="InvalidValue",
            )
        case _, bool() | int():
            return str(value)
        case _, str() if flow.definition.multivalued:
            return (value,)
        case _:
            return value
