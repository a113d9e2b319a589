"""Functions on texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from entrasim.engine.expressions.functions.function import plain
from entrasim.engine.expressions.functions.values import (
    bounded,
    failed,
    number_of,
    shown,
    text_of,
    texts_of,
)
from entrasim.model.entry import Value

_CULTURE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_TEXT, _BINARY = "vbTextCompare", "vbBinaryCompare"
_COMPARE_TYPES = (None, _TEXT, _BINARY)
_TURKIC = frozenset({"tr", "az"})


def append(source: Value, suffix: Value) -> Value:
    """The source with a suffix; nothing stays nothing."""
    return None if source is None else text_of(source) + text_of(suffix)


def prepend(source: Value, prefix: Value) -> Value:
    """The source with a prefix; nothing stays nothing."""
    return None if source is None else text_of(prefix) + text_of(source)


def join(separator: Value, *sources: Value) -> Value:
    """The given texts in one, empty ones left out."""
    between = text_of(separator)
    texts = [text for source in sources for text in texts_of(source) if text]
    bounded(sum(map(len, texts)) + len(between) * len(texts))
    return between.join(texts) or None


def left(source: Value, number: Value) -> Value:
    """The first characters; all of them if the number is negative."""
    text, count = text_of(source), number_of(number)
    return text if count < 0 else text[:count]


def mid(source: Value, start: Value, length: Value) -> Value:
    """The characters from a position on, the first being 1."""
    if source is None:
        return None
    first, count = number_of(start), number_of(length)
    if first < 1 or count < 0:
        raise failed(f"start must be 1 or more and length 0 or more, not {first} and {count}")
    return text_of(source)[first - 1 : first - 1 + count]


def in_str(source: Value, wanted: Value, start: Value = None, compare: Value = None) -> Value:
    """The position of a text in another, the first being 1; 0 if it isn't there."""
    text, part = text_of(source), text_of(wanted)
    if compare not in _COMPARE_TYPES:
        raise failed(f"compareType must be {_TEXT} or {_BINARY}, not {shown(compare)}")
    first = 1 if start is None else number_of(start)
    if first < 1:
        raise failed(f"start must be 1 or more, not {first}")
    if compare == _TEXT:
        text, part = _each(text, str.upper), _each(part, str.upper)
    return text.find(part, first - 1) + 1


def word(source: Value, number: Value, delimiters: Value) -> Value:
    """A word by its number, the first being 1; an empty text if there is none."""
    text, between, count = text_of(source), text_of(delimiters), number_of(number)
    bounded(len(text))
    if between:
        text = text.translate(dict.fromkeys(map(ord, between), between[0]))
    words = [part for part in text.split(between[0]) if part] if between else [text]
    return words[count - 1] if 1 <= count <= len(words) else ""


def to_lower(source: Value, culture: Value = None) -> Value:
    """In lower case; letter by letter, as .NET does it."""
    if source is None:
        return None
    text, turkic = text_of(source), _is_turkic(culture)
    if turkic:
        text = text.replace("I", "\N{LATIN SMALL LETTER DOTLESS I}").replace("İ", "i")
    return _each(text, str.lower)


def to_upper(source: Value, culture: Value = None) -> Value:
    """In upper case; letter by letter, as .NET does it."""
    if source is None:
        return None
    text, turkic = text_of(source), _is_turkic(culture)
    if turkic:
        text = text.replace("i", "İ")
    return _each(text, str.upper)


def strip_spaces(source: Value) -> Value:
    """Without any space."""
    return None if source is None else text_of(source).replace(" ", "")


def p_case(source: Value, separators: Value = None) -> Value:
    """Each word with a capital, the rest in lower case."""
    if source is None:
        return None
    given = None if separators is None else set(text_of(separators))
    made, begins = [], True
    for letter in text_of(source):
        made.append(_one_for_one(letter, letter.title() if begins else letter.lower()))
        begins = letter in given if given is not None else _separates(letter)
    return "".join(made)


def _separates(letter: str) -> bool:
    """Whether .NET's ToTitleCase begins a word after a character; an apostrophe is within one."""
    return letter != "'" and unicodedata.category(letter)[0] in "ZCPS"


def _each(text: str, change: Callable[[str], str]) -> str:
    """A text changed letter by letter, so that it keeps its length."""
    bounded(len(text))
    if text.isascii():
        return change(text)
    return "".join([_one_for_one(letter, change(letter)) for letter in text])


def _one_for_one(letter: str, changed: str) -> str:
    return changed if len(changed) == 1 else letter


def _is_turkic(culture: Value) -> bool:
    name = text_of(culture)
    if name and not _CULTURE.fullmatch(name):
        raise failed(f"no culture is called {shown(culture)}")
    return name.partition("-")[0].lower() in _TURKIC


FUNCTIONS = (
    plain("Append", append, "source", "suffix"),
    plain("InStr", in_str, "value1", "value2", "start?", "compareType?"),
    plain("Join", join, "separator", "source*"),
    plain("Left", left, "String", "NumChars"),
    plain("Mid", mid, "source", "start", "length"),
    plain("PCase", p_case, "source", "wordSeparators?"),
    plain("Prepend", prepend, "source", "prefix"),
    plain("StripSpaces", strip_spaces, "source"),
    plain("ToLower", to_lower, "source", "culture?"),
    plain("ToUpper", to_upper, "source", "culture?"),
    plain("Word", word, "String", "WordNumber", "delimiters"),
)
