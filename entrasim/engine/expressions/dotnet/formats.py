"""The parts of .NET's custom date and time formats, in the invariant culture.

Source: learn.microsoft.com/dotnet/standard/base-types/custom-date-and-time-format-strings
"""

from __future__ import annotations

import re
from collections.abc import Iterator

GENERAL = "M/d/yyyy h:mm:ss tt"
"""The form in which functions hand dates to each other."""

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

_TOKEN = re.compile(
    r"'[^']*'|\"[^\"]*\"|\\.|%(?=[a-zA-Z])|d+|f+|\.?F+|g+|h+|H+|K|m+|M+|s+|t+|y+|z+|.", re.DOTALL
)
_STANDARD = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "m": "MMMM dd",
    "M": "MMMM dd",
    "o": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "O": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ss'Z'",
    "U": "dddd, dd MMMM yyyy HH:mm:ss",
    "y": "yyyy MMMM",
    "Y": "yyyy MMMM",
}


def tokens(format_text: str) -> Iterator[str]:
    """The parts of a format; a standard format of one letter stands for a custom one."""
    for found in _TOKEN.finditer(_STANDARD.get(format_text, format_text)):
        if found.group() != "%":
            yield found.group()


def literal(token: str) -> str:
    """A text in quotes, or a letter that stands for itself."""
    if token[0] in "'\"":
        return token[1:-1] if len(token) > 1 else token
    return token[1:] if token[0] == "\\" else token
