"""What each operator asks of a value. Empty attributes never come here."""

from __future__ import annotations

from collections.abc import Callable

from entrasim.engine.patterns import Pattern
from entrasim.model.entry import Scalar
from entrasim.model.operators import Operator
from entrasim.model.schema import RegexMatch

Test = Callable[[Scalar], bool]
"""Whether an attribute's value is as a clause wants it."""

_OPPOSITES = {
    Operator.NOT_EQUALS: Operator.EQUALS,
    Operator.NOT_REGEX_MATCH: Operator.REGEX_MATCH,
    Operator.NOT_AMPERSAND: Operator.AMPERSAND,
}


def test_of(operator: Operator, values: tuple[str, ...], reading: RegexMatch) -> Test:
    """The test of a clause; of several values one is enough, and for NOT … none may fit.

    Raises:
        PatternError: a regular expression can't be read.
        ValueError: a number is wanted.
    """
    if operator in _OPPOSITES:
        fits = test_of(_OPPOSITES[operator], values, reading)
        return lambda value: not fits(value)
    if not operator.takes_values:
        return _UNARY[operator]
    if operator is Operator.REGEX_MATCH:
        tests = [_regex(value, reading) for value in values]
    else:
        tests = [_BINARY[operator](value) for value in values]
    if len(tests) == 1:
        return tests[0]
    return lambda value: any(test(value) for test in tests)


def integer(value: Scalar) -> int | None:
    """The integer that a value is or spells, if it does either."""
    if isinstance(value, str):
        digits = value.removeprefix("-")
        spelled = digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS
        return int(value) if spelled else None
    return None if isinstance(value, bool) else value


_MOST_DIGITS = 1000  # no number of people's has more, and reading many takes long


def _equals(wanted: str) -> Test:
    """Case-sensitive; but a boolean has no case, so `true` equals `True`."""
    boolean = wanted.casefold()
    return lambda value: (
        str(value).casefold() == boolean if isinstance(value, bool) else str(value) == wanted
    )


def _ends_with(wanted: str) -> Test:
    return lambda value: str(value).endswith(wanted)


def _includes(wanted: str) -> Test:
    return lambda value: wanted in str(value)


def _greater_than(wanted: str) -> Test:
    bound = _bound(wanted)
    return lambda value: (found := integer(value)) is not None and found > bound


def _at_least(wanted: str) -> Test:
    bound = _bound(wanted)
    return lambda value: (found := integer(value)) is not None and found >= bound


def _ampersand(wanted: str) -> Test:
    """The clause's text contains the value; two integers have a bit in common instead."""
    bits = integer(wanted)

    def test(value: Scalar) -> bool:
        held = integer(value)
        if bits is None or held is None:
            return str(value) in wanted
        return held & bits != 0

    return test


def _regex(wanted: str, reading: RegexMatch) -> Test:
    pattern = Pattern(wanted)
    whole = reading is RegexMatch.WHOLE
    matches = pattern.matches_whole if whole else pattern.matches_anywhere
    return lambda value: matches(str(value))


def _bound(wanted: str) -> int:
    found = integer(wanted)
    if found is None:
        raise ValueError(f'"{wanted}" is no integer')
    return found


_UNARY: dict[Operator, Test] = {
    Operator.IS_TRUE: lambda value: str(value).casefold() == "true",
    Operator.IS_FALSE: lambda value: str(value).casefold() == "false",
    Operator.IS_NULL: lambda _: False,
    Operator.IS_NOT_NULL: lambda _: True,
}
_BINARY: dict[Operator, Callable[[str], Test]] = {
    Operator.EQUALS: _equals,
    Operator.ENDS_WITH: _ends_with,
    Operator.INCLUDES: _includes,
    Operator.GREATER_THAN: _greater_than,
    Operator.GREATER_THAN_OR_EQUALS: _at_least,
    Operator.AMPERSAND: _ampersand,
}
