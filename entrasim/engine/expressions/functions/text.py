"""Functions on texts."""

from __future__ import annotations

from collections.abc import Mapping

from entrasim.engine.expressions.functions.values import Arguments, Evaluate, required, text_of
from entrasim.model.entry import Value


def join(arguments: Arguments) -> Evaluate:
    """`Join(separator, source1, …)`: the given texts in one, empty ones left out."""
    separator = required(arguments, 0, "separator")
    sources = [source for source in arguments[1:] if source is not None]
    if not sources:
        raise TypeError("argument 2 (source1) is missing")

    def evaluate(attributes: Mapping[str, Value]) -> Value:
        texts: list[str] = []
        for source in sources:
            value = source(attributes)
            texts.extend(value if isinstance(value, tuple) else (text_of(value),))
        return text_of(separator(attributes)).join(filter(None, texts)) or None

    return evaluate
