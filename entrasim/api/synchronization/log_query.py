"""What of a $filter the state can look up by itself, so that a long log isn't read whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from odata_query import ast

from entrasim.api.odata import grammar
from entrasim.api.odata.values import literal
from entrasim.model.decision import Status
from entrasim.model.log import LogQuery

ACTIONS = ("create", "update", "disable", "delete", "stagedDelete", "other")

_ACTIONS = {action.casefold(): action for action in ACTIONS}
_STATUSES = {status.value: status.value for status in Status}
_SUBJECTS = frozenset({"sourceidentity/id", "sourceidentity/displayname", "targetidentity/id"})
_LATER, _EARLIER = (ast.Gt, ast.GtE), (ast.Lt, ast.LtE)


def pushed_down(text: str | None, short_ids: Mapping[str, str]) -> LogQuery:
    """A query that finds everything a $filter means, and maybe more.

    Args:
        text: the $filter.
        short_ids: of jobs, by their ids in Graph's form.

    Raises:
        GraphError: it is no $filter.
    """
    found: dict[str, Any] = {}
    for node in _conjuncts(grammar.parse(text)) if text else ():
        for name, value in _told(node, short_ids):
            found.setdefault(name, value)
    return LogQuery(**found)


def _conjuncts(node: ast._Node) -> Iterator[ast._Node]:
    """The parts of a filter that must all hold."""
    left: list[ast._Node] = [node]
    while left:
        match left.pop():
            case ast.BoolOp(op=ast.And(), left=one, right=other):
                left += [other, one]
            case part:
                yield part


def _told(node: ast._Node, short_ids: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    """The fields of a query that one part of a filter sets."""
    match node:
        case ast.Compare(comparator=comparator, left=path, right=constant):
            name, value = _name(path), _value(constant)
        case _:
            return
    if name == "activitydatetime" and isinstance(value, datetime):
        if isinstance(comparator, (*_LATER, ast.Eq)):
            yield "since", value
        if isinstance(comparator, (*_EARLIER, ast.Eq)):
            yield "until", value
    if isinstance(comparator, ast.Eq) and isinstance(value, str):
        yield from _equal(name, value, short_ids)


def _equal(name: str, value: str, short_ids: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    folded = value.casefold()
    match name:
        case "jobid":
            yield "job_id", short_ids.get(folded, value)
        case "cycleid":
            yield "cycle_id", folded
        case "provisioningaction":
            yield "action", _ACTIONS.get(folded, value)
        case "provisioningstatusinfo/status":
            yield "status", _STATUSES.get(folded, value)
        case _ if name in _SUBJECTS and value:
            yield "subject", value


def _name(node: ast._Node) -> str:
    """A property's path in small letters."""
    match node:
        case ast.Identifier(name=name):
            return name.casefold()
        case ast.Attribute(owner=owner, attr=attribute):
            return f"{_name(owner)}/{attribute.casefold()}"
    return ""


def _value(node: ast._Node) -> object:
    try:
        return literal(node)
    except ValueError:
        return None
