"""Read a date that is written in one of .NET's formats.

Culture is always the invariant one, and all moments are UTC; a moment that names no zone is
taken for UTC.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from entrasim.engine.expressions.dotnet.formats import DAYS, MONTHS, literal, tokens

_PIVOT = 49  # .NET takes two digits up to this for 20xx
_NO_YEAR = 2000  # .NET takes the present one; this one has all days
_MAX_FORMAT = 200  # characters, far more than any date takes


class DateError(ValueError):
    """The text is no date of the form that was asked for."""


def parse_exact(text: str, format_text: str) -> datetime:
    """Read a moment that is written in one .NET format.

    Raises:
        DateError: it isn't.
    """
    if len(format_text) > _MAX_FORMAT:
        raise DateError(f'the format "{format_text[:60]}…" is too long')
    pattern, readers = _reader(format_text)
    found = pattern.fullmatch(text)
    if found is None:
        raise DateError(f'"{text[:60]}" is no date in the form "{format_text[:60]}"')
    parts: dict[str, int] = {}
    for read, part in zip(readers, found.groups(), strict=True):
        read(parts, part or "")
    return moment_of(parts, text)


def moment_of(parts: dict[str, int], text: str) -> datetime:
    """The moment that these parts of a text make."""
    hour = parts.get("hour", 0)
    if "afternoon" in parts:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - hours on a clock's face
            raise DateError(f'"{text[:60]}" has an hour beyond 12')
        hour = hour % 12 + 12 * parts["afternoon"]
    try:
        local = datetime(
            parts.get("year", _NO_YEAR),
            parts.get("month", 1),
            parts.get("day", 1),
            hour,
            parts.get("minute", 0),
            parts.get("second", 0),
            parts.get("microsecond", 0),
            tzinfo=timezone(timedelta(minutes=parts.get("offset", 0))),
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise DateError(f'"{text[:60]}" is no date that exists') from None


Read = Callable[[dict[str, int], str], None]


@lru_cache(maxsize=256)
def _reader(format_text: str) -> tuple[re.Pattern[str], tuple[Read, ...]]:
    """A pattern for a format, and what each of its groups means."""
    pattern, readers = [], []
    for token in tokens(format_text):
        known = _READERS.get(token[0])
        if known is None:
            pattern.append(re.escape(literal(token)))
            continue
        wanted, read = known(len(token))
        pattern.append(f"((?>{wanted}))")  # .NET doesn't go back either
        readers.append(read)
    return re.compile("".join(pattern), re.IGNORECASE), tuple(readers)


def _digits(name: str, most: int) -> Callable[[int], tuple[str, Read]]:
    """One letter takes one digit or more, several take as many as they are."""

    def known(count: int) -> tuple[str, Read]:
        digits = f"[0-9]{{1,{most}}}" if count == 1 else f"[0-9]{{{min(count, most)}}}"
        return digits, lambda parts, text: parts.update({name: int(text)})

    return known


def _day(count: int) -> tuple[str, Read]:
    if count <= 2:  # noqa: PLR2004 - dd
        return _digits("day", 2)(count)
    return _one_of(DAYS, count), lambda _parts, _text: None


def _month_token(count: int) -> tuple[str, Read]:
    if count <= 2:  # noqa: PLR2004 - MM
        return _digits("month", 2)(count)
    return _one_of(MONTHS, count), lambda parts, text: parts.update(month=month_of(text))


def _year(count: int) -> tuple[str, Read]:
    if count <= 2:  # noqa: PLR2004 - yy
        digits, _ = _digits("year", 2)(count)
        return digits, lambda parts, text: parts.update(year=full_year(text))
    return _digits("year", 4)(4)


def _fraction_token(count: int, *, optional: bool) -> tuple[str, Read]:
    digits = f"[0-9]{{{0 if optional else count},{count}}}"
    return digits, lambda parts, text: parts.update(microsecond=int(text[:6].ljust(6, "0")))


def _point(count: int) -> tuple[str, Read]:
    """A point, and perhaps the fraction that may follow it; it goes with its fraction."""
    if count == 1:
        return r"\.", lambda _parts, _text: None
    digits, read = _fraction_token(count - 1, optional=True)
    return rf"(?:\.{digits})?", lambda parts, text: read(parts, text.removeprefix("."))


def _half(count: int) -> tuple[str, Read]:
    wanted = "[AP]" if count == 1 else "[AP]M"
    return wanted, lambda parts, text: parts.update(afternoon=int(text[0] in "pP"))


def _clock_hour(count: int) -> tuple[str, Read]:
    """An hour on a clock's face; in the morning, unless the format tells the half."""
    digits, read = _digits("hour", 2)(count)

    def take(parts: dict[str, int], text: str) -> None:
        read(parts, text)
        parts.setdefault("afternoon", 0)

    return digits, take


def _zone(wanted: str) -> Callable[[int], tuple[str, Read]]:
    return lambda _: (wanted, lambda parts, text: parts.update(offset=offset_of(text)))


_READERS: dict[str, Callable[[int], tuple[str, Read]]] = {
    "d": _day,
    "M": _month_token,
    "y": _year,
    "H": _digits("hour", 2),
    "h": _clock_hour,
    "m": _digits("minute", 2),
    "s": _digits("second", 2),
    "f": lambda count: _fraction_token(count, optional=False),
    "F": lambda count: _fraction_token(count, optional=True),
    ".": _point,
    "t": _half,
    "K": _zone("Z|[+-][0-9]{2}:[0-9]{2}|"),
    "z": _zone("[+-][0-9]{1,2}(?::?[0-9]{2})?"),
    "g": lambda _: ("A\\.D\\.", lambda _parts, _text: None),
}


def _one_of(names: Sequence[str], count: int) -> str:
    return "|".join(name[:3] if count == 3 else name for name in names)  # noqa: PLR2004


def month_of(name: str) -> int:
    """The number of a month by its name, long or short."""
    return next(i for i, m in enumerate(MONTHS, 1) if m[:3].casefold() == name[:3].casefold())


def full_year(digits: str) -> int:
    """The year that two digits stand for."""
    return int(digits) + (2000 if int(digits) <= _PIVOT else 1900)


def offset_of(zone: str) -> int:
    """Minutes ahead of UTC."""
    found = re.fullmatch(r"([+-])([0-9]{1,2})(?::?([0-9]{2}))?", zone)
    if found is None:
        return 0  # Z, GMT, UTC, or nothing
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    return -minutes if found[1] == "-" else minutes
