"""Read a date in any of the forms that .NET's DateTime.Parse takes in practice."""

from __future__ import annotations

import re
from datetime import datetime

from entrasim.engine.expressions.dotnet.formats import DAYS, MONTHS
from entrasim.engine.expressions.dotnet.reading import (
    DateError,
    full_year,
    moment_of,
    month_of,
    offset_of,
)

MAX_LENGTH = 200  # far more than any date takes


def parse_any(text: str) -> datetime:
    """Read a moment in any of the usual forms.

    Raises:
        DateError: it is in none of them.
    """
    found = _USUAL.fullmatch(text.strip()) if len(text) <= MAX_LENGTH else None
    if found is None:
        raise DateError(f'"{text[:60]}" is no date and time')
    parts = {name: value for name, value in found.groupdict().items() if value is not None}
    numbers = {
        name: int(parts[key])
        for name in ("year", "month", "day", "hour", "minute", "second")
        for key in (name, f"{name}2", f"{name}3", f"{name}4")
        if key in parts and parts[key].isdecimal()
    }
    if len(parts.get("year2", "")) == 2:  # noqa: PLR2004 - as in 7/2/21
        numbers["year"] = full_year(parts["year2"])
    for key in ("word", "word2"):
        if key in parts:
            numbers["month"] = month_of(parts[key])
    numbers["microsecond"] = int((parts.get("fraction") or "0")[:6].ljust(6, "0"))
    if "half" in parts:
        numbers["afternoon"] = int(parts["half"][0] in "pP")
    if zone := parts.get("zone"):
        numbers["offset"] = offset_of(zone)
    return moment_of(numbers, text)


_NAME = "|".join(name[:3] + f"(?:{name[3:]})?" for name in MONTHS)
_USUAL = re.compile(
    rf"""(?ix)
    (?:(?:{"|".join(d[:3] + f"(?:{d[3:]})?" for d in DAYS)}),?\s+)?
    (?:
        (?P<year>[0-9]{{4}})[-/.](?P<month>[0-9]{{1,2}})[-/.](?P<day>[0-9]{{1,2}})
      | (?P<month2>[0-9]{{1,2}})[-/.](?P<day2>[0-9]{{1,2}})[-/.](?P<year2>[0-9]{{4}}|[0-9]{{2}})
      | (?P<day3>[0-9]{{1,2}})[ -](?P<word>{_NAME})[ ,-]+(?P<year3>[0-9]{{4}})
      | (?P<word2>{_NAME})\s+(?P<day4>[0-9]{{1,2}}),?\s+(?P<year4>[0-9]{{4}})
    )
    (?:(?:T|\s+)
        (?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{1,2}})
        (?::(?P<second>[0-9]{{1,2}})(?:\.(?P<fraction>[0-9]+))?)?
        (?:\s*(?P<half>[AaPp]\.?[Mm]\.?))?
    )?
    \s*(?P<zone>Z|GMT|UTC|[+-][0-9]{{1,2}}(?::?[0-9]{{2}})?)?
    """
)
