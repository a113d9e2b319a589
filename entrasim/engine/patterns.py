"""Regular expressions as .NET reads them, bounded in time and size.

Source: learn.microsoft.com/dotnet/standard/base-types/regular-expression-language-quick-reference
and …/substitutions-in-regular-expressions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import regex

from entrasim.engine.dotnet_patterns import PatternError, translated
from entrasim.errors import SourceObjectError

T = TypeVar("T")
Found = regex.Match[str]

MAX_RESULT = 20_000  # characters that a replacement may give
TIME_LIMIT = 0.1  # seconds for one call; a sound pattern needs a millionth of them

_SUBSTITUTION = regex.compile(r"\$(?:\{(\w+)\}|([0-9]+)|([$&`'_+]))")


class Pattern:
    """A regular expression, ready to be applied.

    Every call raises a SourceObjectError for a value that takes it longer than so many
    seconds.

    Raises:
        PatternError: why the text can't be read.
    """

    def __init__(self, text: str, seconds: float = TIME_LIMIT) -> None:
        self._text, self._compiled, self._seconds = text, _compiled(text), seconds

    def matches_whole(self, value: str) -> bool:
        """Whether the whole value matches."""
        return self._bounded(lambda t: self._compiled.fullmatch(value, timeout=t)) is not None

    def matches_anywhere(self, value: str) -> bool:
        """Whether any part of the value matches, as .NET's IsMatch."""
        return self._bounded(lambda t: self._compiled.search(value, timeout=t)) is not None

    def has_group(self, name: str) -> bool:
        """Whether a group bears this name or number."""
        return name in _groups(self._compiled)

    def group(self, name: str, value: str) -> str | None:
        """What a group caught in the first match; None without one."""
        found = self._bounded(lambda t: self._compiled.search(value, timeout=t))
        return None if found is None else found.group(_groups(self._compiled)[name])

    def replace(self, value: str, replacement: str) -> str:
        """Replace all matches; `$1`, `${name}`, `$&` and `$$` in the replacement are filled in."""
        return self._replace(value, lambda found: _filled(replacement, found, value))

    def replace_group(self, value: str, name: str, replacement: str) -> str:
        """Replace what a group caught, in all matches, and leave the rest of them."""
        index = _groups(self._compiled)[name]

        def made(found: Found) -> str:
            begin, end = found.span(index)
            start = found.start()
            if begin < start or end > found.end():  # nothing caught, or by looking around
                return found.group()
            return f"{found.group()[: begin - start]}{replacement}{found.group()[end - start :]}"

        return self._replace(value, made)

    def _replace(self, value: str, made: Callable[[Found], str]) -> str:
        size = len(value)

        def counted(found: Found) -> str:
            nonlocal size
            text = made(found)
            size += len(text) - len(found.group())
            _check_result(size)
            return text

        return self._bounded(lambda t: self._compiled.sub(counted, value, timeout=t))

    def _bounded(self, call: Callable[[float], T]) -> T:
        try:
            return call(self._seconds)
        except TimeoutError:
            raise SourceObjectError(
                f"the regular expression {self._text:.200} takes longer than {self._seconds:g} s; "
                "write it without nested repetitions",
                code="RegexTimeout",
            ) from None


@lru_cache(maxsize=64)
def _compiled(text: str) -> regex.Pattern[str]:
    try:
        return regex.compile(translated(text), cache_pattern=False)
    except RecursionError:
        raise PatternError("nested too deeply") from None
    except (regex.error, OverflowError) as error:
        raise PatternError(f"no regular expression: {error}") from None


@lru_cache(maxsize=64)
def _groups(compiled: regex.Pattern[str]) -> dict[str, int]:
    """All groups by name and by number; .NET counts those without names first."""
    named = dict(compiled.groupindex)
    later = set(named.values())
    indices = sorted(range(compiled.groups + 1), key=lambda index: (index in later, index))
    return {str(number): index for number, index in enumerate(indices)} | named


def _check_result(size: int) -> None:
    if size > MAX_RESULT:
        told = f"the replacement grows beyond {MAX_RESULT:,} characters"
        raise SourceObjectError(told, code="ExpressionValueTooLarge")


def _filled(replacement: str, found: Found, value: str) -> str:
    """A replacement with its substitutions made; unknown groups stand as they are."""
    size = 0

    def one(substitution: Found) -> str:
        nonlocal size
        text = _substituted(substitution, found, value)
        size += len(text)
        _check_result(size)
        return text

    return _SUBSTITUTION.sub(one, replacement) if "$" in replacement else replacement


def _substituted(substitution: Found, found: Found, value: str) -> str:
    name, number, sign = substitution.groups()
    if sign is not None:
        return _of_sign(sign, found, value)
    index = _groups(found.re).get(name or number)
    return substitution.group() if index is None else found.group(index) or ""


def _of_sign(sign: str, found: Found, value: str) -> str:
    match sign:
        case "$":
            return "$"
        case "&":
            return found.group()
        case "`":
            return value[: found.start()]
        case "'":
            return value[found.end() :]
        case "_":
            return value
        case _:  # the last group
            return next((g for g in reversed(found.groups()) if g is not None), "")
