"""Write a moment in one of .NET's formats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from entrasim.engine.expressions.dotnet.formats import DAYS, MONTHS, literal, tokens


def format_moment(moment: datetime, format_text: str) -> str:
    """A moment in a .NET format, as the invariant culture writes it."""
    return "".join(_written(token, moment) for token in tokens(format_text))


def _written(token: str, moment: datetime) -> str:
    """One part of a format, filled in; what means nothing stands for itself."""
    write = _WRITERS.get(token[0])
    if write is not None:
        return write(moment, len(token))
    return literal(token)


def _named(names: Sequence[str], index: int, count: int) -> str:
    return names[index][:3] if count == 3 else names[index]  # noqa: PLR2004 - ddd and MMM


def _fraction(moment: datetime, count: int) -> str:
    return f"{moment.microsecond:06}0"[:count]  # a moment has a tenth of .NET's resolution


def _short_fraction(moment: datetime, count: int) -> str:
    """Without zeros at its end."""
    return _fraction(moment, count).rstrip("0")


def _point(moment: datetime, count: int) -> str:
    """A point, and the short fraction after it if there is one; it goes with its fraction."""
    if count == 1:
        return "."
    digits = _short_fraction(moment, count - 1)
    return f".{digits}" if digits else ""


_WRITERS: dict[str, Callable[[datetime, int], str]] = {
    "d": lambda m, n: f"{m.day:0{n}}" if n <= 2 else _named(DAYS, m.weekday(), n),  # noqa: PLR2004
    "M": lambda m, n: f"{m.month:0{n}}" if n <= 2 else _named(MONTHS, m.month - 1, n),  # noqa: PLR2004
    "y": lambda m, n: f"{m.year % 100 if n <= 2 else m.year:0{min(n, 16)}}",  # noqa: PLR2004
    "H": lambda m, n: f"{m.hour:0{min(n, 2)}}",
    "h": lambda m, n: f"{(m.hour + 11) % 12 + 1:0{min(n, 2)}}",
    "m": lambda m, n: f"{m.minute:0{min(n, 2)}}",
    "s": lambda m, n: f"{m.second:0{min(n, 2)}}",
    "f": _fraction,
    "F": _short_fraction,
    ".": _point,
    "t": lambda m, n: ("AM" if m.hour < 12 else "PM")[:n],  # noqa: PLR2004 - noon
    "K": lambda _, __: "Z",
    "z": lambda _, n: {1: "+0", 2: "+00"}.get(n, "+00:00"),
    "g": lambda _, __: "A.D.",
}
