"""$orderby: rows in the order of their properties, what is not set first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from entrasim.api.graph_error import bad_request
from entrasim.api.odata.entity_type import EntityType, Row, Shape
from entrasim.api.odata.options import unknown_property
from entrasim.api.odata.values import compared, moment

_TERM = re.compile(r"([\w/.]+)(?:\s+(asc|desc))?", re.IGNORECASE)
_MOST = 8

Key = tuple[int, Any]


def ordered(rows: Iterable[Row], text: str, kind: EntityType) -> list[Row]:
    """The rows in the order of an $orderby.

    Raises:
        GraphError: it is none, or names what this kind of object doesn't have.
    """
    found = list(rows)
    for key, descending in reversed(_terms(text, kind)):
        found.sort(key=key, reverse=descending)
    return found


def _terms(text: str, kind: EntityType) -> list[tuple[Callable[[Row], Key], bool]]:
    terms: list[tuple[Callable[[Row], Key], bool]] = []
    for part in text.split(","):
        matched = _TERM.fullmatch(part.strip())
        if matched is None or len(terms) == _MOST:
            told = f"Syntax error in the $orderby '{text[:200]}': expected up to {_MOST} properties"
            raise bad_request(f"{told}, each with asc or desc if need be.", "BadRequest")
        first, *steps = matched[1].split("/")
        known = kind.spelt(first)
        if known is None or known in kind.expands:
            raise unknown_property("Invalid $orderby", first, kind)
        is_moment = kind.shape(known) is Shape.MOMENT
        terms.append((_key([known, *steps], is_moment), (matched[2] or "").lower() == "desc"))
    return terms


def _key(path: list[str], is_moment: bool) -> Callable[[Row], Key]:  # noqa: FBT001 - private
    def key(row: Row) -> Key:
        value: object = row
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        return _ranked(moment(value) if is_moment else value)

    return key


def _ranked(value: object) -> Key:
    """What sorts beside every other, whatever it is."""
    match value:
        case bool() | int() | float():
            return (1, value)
        case str():
            return (2, compared(value))
        case datetime():
            return (3, value)
    return (0, 0)
