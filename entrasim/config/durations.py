"""Durations as people write them: `40m`, `1h30m`, `PT40M`."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_SHORT = re.compile(r"(?:(\d+(?:\.\d+)?)([dhms]))")
_ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def duration(text: object) -> timedelta:
    """Read a duration above zero.

    Raises:
        ValueError: it isn't one; the text says what would be.
    """
    if isinstance(text, timedelta):
        return text
    words = str(text).strip()
    found = _short(words.lower()) or _iso(words.upper())
    if not found or found > timedelta(days=365):
        raise ValueError(f"{words!r} is no duration; write 40m, 90s, 1h30m or PT40M")
    return found


def _short(text: str) -> timedelta | None:
    parts = _SHORT.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text or len(text) > 20:  # noqa: PLR2004 - nobody writes more
        return None
    return sum((timedelta(**{_UNITS[unit]: float(n)}) for n, unit in parts), timedelta())


def _iso(text: str) -> timedelta | None:
    found = _ISO.fullmatch(text)
    if found is None or len(text) > 20:  # noqa: PLR2004 - likewise
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
