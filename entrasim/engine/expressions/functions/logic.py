"""Functions that ask and choose."""

from __future__ import annotations

from collections.abc import Mapping

from entrasim.engine.expressions.functions.function import (
    Arguments,
    Evaluate,
    Function,
    parameters,
    plain,
)
from entrasim.engine.expressions.functions.values import (
    failed,
    is_empty,
    is_number,
    number_of,
    shown,
    text_of,
)
from entrasim.engine.expressions.surroundings import Surroundings
from entrasim.model.entry import Value

_EQUALITY = ("=", "<>")


def switch(arguments: Arguments, _: Surroundings) -> Evaluate:
    """The value whose key the source equals, by case; the key "" stands for an absent source."""
    source, default, *pairs = arguments
    if not pairs or len(pairs) % 2 or None in pairs[::2]:
        raise TypeError("keys and values must come in pairs")
    cases = list(zip(pairs[::2], pairs[1::2], strict=True))

    def evaluate(attributes: Mapping[str, Value]) -> Value:
        wanted = text_of(source(attributes)) if source else ""
        for key, value in cases:
            if key and text_of(key(attributes)) == wanted:
                return value(attributes) if value else None
        return default(attributes) if default else None

    return evaluate


def iif(arguments: Arguments, _: Surroundings) -> Evaluate:
    """One of two values, by a condition; null when the condition can't be told."""
    if len(arguments) < 3:  # noqa: PLR2004 - as the name says
        raise TypeError("needs a condition and two values")
    condition, if_true, if_false = arguments[:3]

    def evaluate(attributes: Mapping[str, Value]) -> Value:
        holds = condition(attributes) if condition else None
        if is_empty(holds):
            return None
        chosen = if_true if truth_of(holds) else if_false
        return chosen(attributes) if chosen else None

    return evaluate


def coalesce(arguments: Arguments, _: Surroundings) -> Evaluate:
    """The first value that isn't null."""

    def evaluate(attributes: Mapping[str, Value]) -> Value:
        for argument in arguments:
            value = argument(attributes) if argument else None
            if value is not None:
                return value
        return None

    return evaluate


def truth_of(value: Value) -> bool:
    """Whether a value counts as true: "True", or a number that isn't 0.

    Raises:
        SourceObjectError: it is neither a boolean nor a number.
    """
    if is_empty(value):
        return False
    match text_of(value).strip().casefold():
        case "true":
            return True
        case "false":
            return False
    if is_number(value):
        return number_of(value) != 0
    raise failed(f"wants True or False, found {shown(value)}")


def compare(operator: str, left: Value, right: Value) -> bool:
    """Compare two values: as numbers if both are, else as texts, by case.

    Two texts are equal only if they are the same, so that "007" isn't "7".
    """
    texts = operator in _EQUALITY and isinstance(left, str) and isinstance(right, str)
    numbers = not texts and is_number(left) and is_number(right)
    one = number_of(left) if numbers else text_of(left)
    two = number_of(right) if numbers else text_of(right)
    order = (one > two) - (one < two)  # type: ignore[operator]  # both have the same type
    match operator:
        case "=":
            return order == 0
        case "<>":
            return order != 0
        case ">":
            return order > 0
        case ">=":
            return order >= 0
        case "<":
            return order < 0
        case _:
            return order <= 0


def inverse(source: Value) -> Value:
    """False for "True", True for everything else."""
    return text_of(source).casefold() != "true"


def ignore_flow(value: Value) -> Value:
    """Null for what is empty, so that the attribute is not sent."""
    return None if is_empty(value) else value


FUNCTIONS = (
    Function("CBool", parameters("Expression"), build=lambda a, _: _c_bool(a), compares=True),
    Function("Coalesce", parameters("source*"), coalesce),
    Function("IIF", parameters("condition", "valueIfTrue?", "valueIfFalse?"), iif, compares=True),
    plain("IgnoreFlowIfNullOrEmpty", ignore_flow, "Expression"),
    plain("IsNothing", lambda value: value is None, "Expression"),
    plain("IsNull", lambda value: value is None, "Expression"),
    plain("IsNullOrEmpty", is_empty, "Expression"),
    plain("IsPresent", lambda value: not is_empty(value), "Expression"),
    plain("IsString", lambda value: isinstance(value, str), "Expression"),
    plain("Not", inverse, "source"),
    Function("Switch", parameters("source", "defaultValue?", "switchValue*"), switch),
)


def _c_bool(arguments: Arguments) -> Evaluate:
    (condition,) = arguments
    return lambda attributes: truth_of(condition(attributes) if condition else None)
