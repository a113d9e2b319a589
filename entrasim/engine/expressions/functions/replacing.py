"""Replace, in its five ways of use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from entrasim.engine.dotnet_patterns import PatternError
from entrasim.engine.expressions.functions.function import (
    Arguments,
    Evaluate,
    Function,
    applying,
    parameters,
)
from entrasim.engine.expressions.functions.values import bounded, failed, is_empty, shown, text_of
from entrasim.engine.expressions.surroundings import Surroundings
from entrasim.engine.expressions.tree import Constant, Node
from entrasim.engine.patterns import TIME_LIMIT, Pattern
from entrasim.model.entry import Value

REPLACE = "Replace"
"""The one function that applies regular expressions."""


def replace(  # noqa: PLR0913, PLR0917 - seven positions, as the page has them
    source: Value,
    old: Value = None,
    pattern: Value = None,
    group: Value = None,
    replacement: Value = None,
    other: Value = None,
    template: Value = None,
    *,
    seconds: float = TIME_LIMIT,
) -> Value:
    """Replace a text or a pattern, fill a template, or fall back on another attribute."""
    if pattern is None:
        return _replace_text(source, old, replacement, template)
    found = _pattern(text_of(pattern), seconds)
    if group is None:
        if replacement is None:
            raise failed("a regexPattern needs a replacementValue")
        return _applied(source, lambda text: found.replace(text, text_of(replacement)))
    name = text_of(group)
    if not found.has_group(name):
        raise failed(f"the regexPattern has no group {shown(name)}")
    if replacement is not None:
        return _applied(source, lambda text: found.replace_group(text, name, text_of(replacement)))
    if not is_empty(source):
        return source
    return _applied(other, lambda text: found.group(name, text))


def _replace_text(source: Value, old: Value, replacement: Value, template: Value) -> Value:
    wanted = text_of(old)
    if not wanted:
        raise failed("needs an oldValue or a regexPattern")
    if template is not None:
        return _applied(source, lambda text: _replaced(text_of(template), wanted, text))
    if replacement is None:
        raise failed("an oldValue needs a replacementValue or a template")
    return _applied(source, lambda text: _replaced(text, wanted, text_of(replacement)))


def _replaced(text: str, old: str, new: str) -> str:
    bounded(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


def _applied(value: Value, change: Callable[[str], str | None]) -> Value:
    """Change a text; nothing stays nothing."""
    return None if value is None else change(text_of(value))


def _pattern(text: str, seconds: float) -> Pattern:
    try:
        return Pattern(text, seconds)
    except PatternError as error:
        raise failed(f"regexPattern: {error}") from None


def _build(arguments: Arguments, surroundings: Surroundings) -> Evaluate:
    return applying(partial(replace, seconds=surroundings.pattern_seconds), arguments)


def _examine(arguments: Sequence[Node | None]) -> None:
    """Refuse a pattern that is written out and can't be read."""
    match arguments:
        case [_, _, Constant(value=str(pattern)), *_]:
            try:
                Pattern(pattern)
            except PatternError as error:
                raise TypeError(f"regexPattern: {error}") from None


FUNCTIONS = (
    Function(
        REPLACE,
        parameters(
            "source",
            "Find?",
            "RegularExpression?",
            "RegularExpressionGroupName?",
            "Replacement?",
            "ReplacementPropertyName?",
            "Template?",
        ),
        _build,
        examine=_examine,
    ),
)
