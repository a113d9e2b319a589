"""A clause of a scoping filter as people write it: `department EQUALS "Sales"`."""

from __future__ import annotations

import re

from entrasim.model.operators import Operator, operator_of, unknown_operator
from entrasim.model.schema import FilterClause

_ATTRIBUTE = re.compile(r"\s*([^\s\"',]+)")
_WORD = re.compile(r"\s*([^\s\"']+)")
_VALUE = re.compile(r"""\s*(?:"((?:\\"|[^"])*)"|'([^']*)'|([^\s"',]+))\s*(,|\Z)""")
_MOST_WORDS = 4  # GREATER THAN OR EQUALS
_EXAMPLE = "expected a clause like 'department EQUALS \"Sales\"'"


def read_clause(value: object) -> FilterClause:
    r"""Read a clause: an attribute, an operator, and what to compare with.

    A value stands in quotes of either kind, or bare if it is one word; `\"` is a quote,
    and a backslash is itself otherwise. Several values are parted by commas.

    Raises:
        ValueError: what was expected, and a caret where.
    """
    if not isinstance(value, str):
        raise ValueError(f"{_EXAMPLE}, found {value!r}")  # noqa: TRY004 - pydantic asks for it
    attribute = _ATTRIBUTE.match(value)
    if attribute is None:
        raise _mistake(value, 0, _EXAMPLE)
    operator, end = _operator(value, attribute.end())
    values = _values(value, end, operator)
    return FilterClause(source_operand=attribute[1], operator=operator.value, values=values)


def _operator(text: str, begin: int) -> tuple[Operator, int]:
    """The operator that begins somewhere, and where it ends; the longest that there is."""
    ends: list[int] = []
    position = begin
    while len(ends) < _MOST_WORDS and (word := _WORD.match(text, position)):
        position = word.end()
        ends.append(position)
    for end in reversed(ends):
        if operator := operator_of(text[begin:end]):
            return operator, end
    written = text[begin : ends[-1] if ends else begin].strip()
    message = unknown_operator(written) if written else f"expected an operator: {_known()}"
    raise _mistake(text, _next(text, begin), message)


def _values(text: str, begin: int, operator: Operator) -> tuple[str, ...]:
    rest = _next(text, begin)
    if not operator.takes_values:
        if rest < len(text):
            raise _mistake(text, rest, f"{operator} takes no value")
        return ()
    found: list[str] = []
    more = True
    while more:
        value = _VALUE.match(text, begin)
        if value is None:
            place = _next(text, begin)
            raise _mistake(text, place, f'{operator} takes a value, in quotes: "…"')
        quoted, literal, bare, comma = value.groups()
        found.append(quoted.replace('\\"', '"') if quoted is not None else literal or bare or "")
        begin, more = value.end(), bool(comma)
    return tuple(found)


def _next(text: str, position: int) -> int:
    """Where the next word begins, or the text ends."""
    return len(text) - len(text[position:].lstrip())


def _known() -> str:
    return ", ".join(Operator)


def _mistake(text: str, position: int, message: str) -> ValueError:
    begin, end = max(0, position - 60), position + 60
    return ValueError(f"{message}\n  {text[begin:end]}\n  {' ' * (position - begin)}^")
