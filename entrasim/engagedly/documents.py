"""Looking into a SCIM resource as it came, whatever the case of its names.

The stand-in keeps and echoes every attribute, known or not. scim2-models would validate
resources into models, but refuses what Entra sends (a manager as plain text) and changes
data (it lower-cases the domains of mail addresses). So its parsers of filters and paths are
used, and its models for discovery, while resources stay the JSON they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

Json = dict[str, Any]

_EXACT = frozenset({"id", "externalid", "$ref"})


def key_of(holder: Json, name: str) -> str:
    """The name under which a holder has a member, or would get it."""
    if name in holder:
        return name
    folded = name.casefold()
    return next((key for key in holder if key.casefold() == folded), name)


def member(holder: object, name: str) -> Any:  # noqa: ANN401 - any JSON
    """A member of an object, without regard to case; None if there is none."""
    return holder.get(key_of(holder, name)) if isinstance(holder, dict) else None


def host_of(resource: Json, path: AttrPath, *, make: bool = False) -> Json:
    """The object that holds a path's attribute: the resource, or one of its extensions."""
    uri = path.uri
    if uri is None or ":core:" in uri.casefold():
        return resource
    held = member(resource, uri)
    if not isinstance(held, dict):
        held = {}
        if make:
            resource[key_of(resource, uri)] = held
    return held


def matches(node: FilterNode, holder: Json) -> bool:
    """Whether a resource, or an element of one, satisfies a filter."""
    match node:
        case LogicalExpr(op=LogicalOperator.and_, terms=terms):
            return all(matches(term, holder) for term in terms)
        case LogicalExpr(terms=terms):
            return any(matches(term, holder) for term in terms)
        case Not(expr=expr):
            return not matches(expr, holder)
        case Present(attr_path=path):
            return any(value not in (None, "", [], {}) for value in values_at(holder, path))
        case Comparison(attr_path=path, op=op, value=wanted):
            name = (path.sub_attr or path.attr).casefold()
            return any(_compares(held, op, wanted, name) for held in values_at(holder, path))
        case ValuePath(attr_path=path, val_filter=inner):
            return any(matches(inner, element) for element in elements_at(holder, path))
    return False


def values_at(holder: Json, path: AttrPath) -> Iterator[Any]:
    """The values at a path; those of each element of a multi-valued attribute."""
    held = member(host_of(holder, path), path.attr)
    for element in held if isinstance(held, list) else [held]:
        if path.sub_attr is not None:
            yield member(element, path.sub_attr)
        else:
            yield member(element, "value") if isinstance(element, dict) else element


def elements_at(holder: Json, path: AttrPath) -> list[Json]:
    """The elements of a multi-valued attribute."""
    held = member(host_of(holder, path), path.attr)
    return [e for e in held if isinstance(e, dict)] if isinstance(held, list) else []


def _compares(held: Any, op: CompareOperator, wanted: Any, name: str) -> bool:  # noqa: ANN401 - any JSON
    if held is None or wanted is None:
        return op is CompareOperator.eq and held is wanted
    left, right = _comparable(held, name), _comparable(wanted, name)
    if isinstance(left, bool) or isinstance(right, bool):
        left, right = str(left).casefold(), str(right).casefold()
    if type(left) is not type(right):
        return op is CompareOperator.ne
    match op.value:
        case "eq":
            return bool(left == right)
        case "ne":
            return bool(left != right)
        case "co" | "sw" | "ew" if isinstance(left, str):
            test = {"co": left.__contains__, "sw": left.startswith, "ew": left.endswith}
            return test[op.value](right)
        case "gt" | "ge" | "lt" | "le":
            order = (left > right) - (left < right)
            return order in {"gt": {1}, "ge": {0, 1}, "lt": {-1}, "le": {-1, 0}}[op.value]
    return False


def _comparable(value: Any, name: str) -> Any:  # noqa: ANN401 - any JSON
    return value.casefold() if isinstance(value, str) and name not in _EXACT else value
