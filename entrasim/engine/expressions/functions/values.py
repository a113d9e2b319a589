"""What the functions share: how values of different types stand for one another."""

from __future__ import annotations

import re

from entrasim.errors import SourceObjectError
from entrasim.model.entry import Value

MAX_LENGTH = 20_000
"""Characters of a text, or elements of a list, that a function may give."""

_INTEGER = re.compile(r"\s*([+-]?[0-9]{1,18})\s*")


def failed(message: str) -> SourceObjectError:
    """The error of an evaluation that can't give a value."""
    return SourceObjectError(message, code="ExpressionFailed")


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


def texts_of(value: Value) -> tuple[str, ...]:
    """All texts that a value stands for."""
    match value:
        case None:
            return ()
        case tuple():
            return value
        case _:
            return (text_of(value),)


def is_empty(value: Value) -> bool:
    """Whether a value is null, or a text or list without anything in it."""
    return value is None or value in ("", ())


def number_of(value: Value) -> int:
    """The integer a value stands for.

    Raises:
        SourceObjectError: it is none.
    """
    if isinstance(value, bool | int):
        return int(value)
    if found := _INTEGER.fullmatch(text_of(value)):
        return int(found[1])
    raise failed(f"wants a whole number, found {shown(value)}")


def is_number(value: Value) -> bool:
    """Whether a value is an integer, or a text of one."""
    if isinstance(value, int):
        return not isinstance(value, bool)
    return isinstance(value, str) and _INTEGER.fullmatch(value) is not None


def shown(value: Value) -> str:
    """A value in a message, cut short."""
    text = repr(list(value) if isinstance(value, tuple) else value)
    return text if len(text) <= 80 else f"{text[:77]}…"  # noqa: PLR2004 - one line


def bounded(length: int) -> None:
    """Refuse to make a value of this length.

    Raises:
        SourceObjectError: it is too long.
    """
    if length > MAX_LENGTH:
        raise SourceObjectError(
            f"the value grows beyond {MAX_LENGTH:,} characters or elements",
            code="ExpressionValueTooLarge",
        )
