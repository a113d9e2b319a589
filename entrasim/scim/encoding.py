"""Percent-encoding as .NET's client does it: lower-case hex, and its own set of safe letters.

Source: github.com/dotnet/runtime, `HttpEncoderUtility.IsUrlSafeChar` and `HttpUtility.UrlEncode`;
on the wire `filter=userName+eq+%22ada%40contoso.com%22`.
"""

from __future__ import annotations

import re
from urllib.parse import quote

_UPPER_HEX = re.compile(r"%[0-9A-F]{2}")


def encode_parameter(text: str) -> str:
    """A query parameter's value: a space is `+`, and `! * ( ) - _ .` stay."""
    return _lowered(quote(text, safe=" !*()")).replace(" ", "+").replace("~", "%7e")


def encode_segment(text: str) -> str:
    """An id as one segment of a path, whatever is in it; dots alone would climb (RFC 3986)."""
    return text.replace(".", "%2e") if text in {".", ".."} else _lowered(quote(text, safe=""))


def _lowered(encoded: str) -> str:
    return _UPPER_HEX.sub(lambda found: found.group().lower(), encoded)
