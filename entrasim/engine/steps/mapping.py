"""Mapping: what a source object should look like in the target."""

from __future__ import annotations

from collections.abc import Iterable

from entrasim.engine.compiled import SOFT_DELETED, CompiledMapping, Flow
from entrasim.errors import SourceObjectError
from entrasim.model.entry import Entry, Value
from entrasim.model.schema import AttributeType, Values


def map_values(flows: Iterable[Flow], entry: Entry, *, soft_deleted: bool) -> Values:
    """Evaluate attribute mappings; an attribute without a value is left out.

    Raises:
        SourceObjectError: a value doesn't fit the target attribute's type.
    """
    attributes = {**entry.properties, SOFT_DELETED: soft_deleted}
    values = ((flow, flow.evaluate(attributes)) for flow in flows)
    return {f.attribute: _typed(v, f) for f, v in values if v is not None and v != ""}


def map_defaults(compiled: CompiledMapping) -> Values:
    """What a new object gets where the source has nothing."""
    return {
        flow.attribute: _typed(flow.mapping.default_value, flow)
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


def _typed(value: Value, flow: Flow) -> Value:
    """Give a mapped text the target attribute's type (`"False"` is a boolean there)."""
    match flow.definition.type, value:
        case AttributeType.BOOLEAN, str() if value.casefold() in {"true", "false"}:
            return value.casefold() == "true"
        case AttributeType.INTEGER, str() if value.lstrip("-").isdecimal():
            return int(value)
        case (AttributeType.BOOLEAN, bool()) | (AttributeType.INTEGER, int()):
            return value
        case AttributeType.BOOLEAN | AttributeType.INTEGER, _:
            raise SourceObjectError(
                f"{flow.attribute} wants a {flow.definition.type.value}, "
                f"but {flow.mapping.expression} gives {value!r}",
                code="InvalidValue",
            )
        case _, bool() | int():
            return str(value)
        case _:
            return value
