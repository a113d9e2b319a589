"""How Graph compares: texts whatever their case, moments as moments, nothing with nothing."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from odata_query import ast

Test = Callable[[Any, Any], bool]


def compared(value: object) -> object:
    """What a value is compared as."""
    return value.casefold() if isinstance(value, str) else value


def equal(left: object, right: object) -> bool:
    """Whether two values are the same to Graph; true is not 1."""
    if isinstance(left, datetime) or isinstance(right, datetime):
        left, right = moment(left), moment(right)
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    return compared(left) == compared(right)


def _ordered(order: Callable[[Any, Any], bool]) -> Test:
    def test(left: object, right: object) -> bool:
        if isinstance(left, datetime) or isinstance(right, datetime):
            left, right = moment(left), moment(right)
        left, right = compared(left), compared(right)
        if isinstance(left, str) is not isinstance(right, str):
            return False
        try:
            return bool(order(left, right))
        except TypeError:
            return False  # nothing is neither less nor greater

    return test


TESTS: Mapping[type[object], Test] = {
    ast.Eq: equal,
    ast.NotEq: lambda left, right: not equal(left, right),
    ast.Lt: _ordered(operator.lt),
    ast.LtE: _ordered(operator.le),
    ast.Gt: _ordered(operator.gt),
    ast.GtE: _ordered(operator.ge),
}


def moment(value: object) -> object:
    """A date or a text as a moment, if it is one."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


def literal(node: ast._Node) -> object:
    """The value of a literal.

    Raises:
        ValueError: there is no such moment or number.
    """
    match node:
        case ast.Null():
            return None
        case ast.String(val=text) | ast.GUID(val=text):
            return text
        case ast.Boolean(val=text):
            return text.casefold() == "true"
        case ast.Integer(val=text) if len(text) < 20:  # noqa: PLR2004 - digits of an Int64
            return int(text)
        case ast.Float(val=text):
            return float(text)
        case ast.DateTime(val=text) | ast.Date(val=text):
            found = moment(text.upper())
            if isinstance(found, datetime):
                return found
    value = getattr(node, "val", None)
    told = value if isinstance(value, str) else type(node).__name__
    raise ValueError(f"'{told:.40}' is no value that can be compared")
