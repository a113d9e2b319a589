"""Filters, as far as Entra asks for anything: one attribute's equality."""

from __future__ import annotations

import re

from entrasim.model.schema import AttributeType
from entrasim.scim.encoding import encode_parameter

_CONTROL = re.compile(r"[\x00-\x1f]")


def equals(attribute: str, value: str, kind: AttributeType = AttributeType.STRING) -> str:
    """`attribute eq "value"`; booleans and numbers are bare.

    A quote or backslash in the value can't end it (RFC 7644 §3.4.2.2, RFC 8259 §7).
    """
    if kind is AttributeType.BOOLEAN and value.casefold() in {"true", "false"}:
        return f"{attribute} eq {value.casefold()}"
    if kind is AttributeType.INTEGER and re.fullmatch("-?[0-9]+", value):
        return f"{attribute} eq {value}"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    escaped = _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", escaped)
    return f'{attribute} eq "{escaped}"'


def query(filter_text: str, *, excluded: str | None = None) -> str:
    """The query of a search; parameters stand in Entra's order."""
    parameters = [("excludedAttributes", excluded), ("filter", filter_text)]
    return "&".join(f"{name}={encode_parameter(value)}" for name, value in parameters if value)
