"""Functions that choose."""

from __future__ import annotations

from collections.abc import Mapping

from entrasim.engine.expressions.functions.values import Arguments, Evaluate, required, text_of
from entrasim.model.entry import Value


def switch(arguments: Arguments) -> Evaluate:
    """`Switch(source, defaultValue, key1, value1, …)`: the value whose key the source equals.

    Keys are compared as texts and by case; the key "" stands for an absent source.
    """
    source = required(arguments, 0, "source")
    default = arguments[1] if len(arguments) > 1 else None
    pairs = arguments[2:]
    if not pairs or len(pairs) % 2:
        raise TypeError("keys and values must come in pairs")
    keys = [required(pairs, index, "key") for index in range(0, len(pairs), 2)]
    values = pairs[1::2]

    def evaluate(attributes: Mapping[str, Value]) -> Value:
        wanted = text_of(source(attributes))
        for key, value in zip(keys, values, strict=True):
            if text_of(key(attributes)) == wanted:
                return value(attributes) if value else None
        return default(attributes) if default else None

    return evaluate
