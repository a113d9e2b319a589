"""What the functions share: how values of different types stand for one another."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from entrasim.model.entry import Value

Evaluate = Callable[[Mapping[str, Value]], Value]
Arguments = list[Evaluate | None]


def text_of(value: Value) -> str:
    """The text a value stands for; booleans are "True" and "False", nothing is ""."""
    match value:
        case None:
            return ""
        case str():
            return value
        case tuple():
            return value[0] if value else ""
        case _:
            return str(value)


def required(arguments: Arguments, position: int, name: str) -> Evaluate:
    """The argument at a position.

    Raises:
        TypeError: it was left out.
    """
    argument = arguments[position] if position < len(arguments) else None
    if argument is None:
        raise TypeError(f"argument {position + 1} ({name}) is missing")
    return argument
