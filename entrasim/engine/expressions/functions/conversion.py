"""Functions that turn values into others: bits, encodings, plain letters."""

from __future__ import annotations

import unicodedata
from base64 import b64encode

from entrasim.engine.expressions.functions.function import plain
from entrasim.engine.expressions.functions.values import number_of, text_of
from entrasim.model.entry import Value

_LETTERS = str.maketrans(
    {
        "æ": "ae",
        "Æ": "AE",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "ł": "l",
        "Ł": "L",
        "ø": "oe",
        "Ø": "OE",
        "œ": "oe",
        "Œ": "OE",
        "ß": "ss",
    }
)
"""The page's letters that no mark makes; the others are a plain letter and marks."""


def bit_and(value1: Value, value2: Value) -> Value:
    """The bits that both numbers have."""
    return number_of(value1) & number_of(value2)


def c_str(value: Value) -> Value:
    """A value as text."""
    return None if value is None else text_of(value)


def to_base64(source: Value) -> Value:
    """UTF-16 in base 64."""
    if source is None:
        return None
    return b64encode(text_of(source).encode("utf-16-le", "surrogatepass")).decode()


def to_utf8_hex(source: Value) -> Value:
    """UTF-8 in hexadecimal digits."""
    if source is None:
        return None
    return text_of(source).encode("utf-8", "surrogatepass").hex().upper()


def normalize_diacritics(source: Value) -> Value:
    """Latin letters without their marks; other scripts stay as they are."""
    if source is None:
        return None
    kept: list[str] = []
    latin = False
    for letter in unicodedata.normalize("NFD", text_of(source)):
        if unicodedata.combining(letter):
            if latin:
                continue
        else:
            latin = unicodedata.name(letter, "").startswith("LATIN")
        kept.append(letter)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_LETTERS)


FUNCTIONS = (
    plain("BitAnd", bit_and, "value1", "value2"),
    plain("CStr", c_str, "value"),
    plain("ConvertToBase64", to_base64, "source"),
    plain("ConvertToUTF8Hex", to_utf8_hex, "source"),
    plain("NormalizeDiacritics", normalize_diacritics, "source"),
)
