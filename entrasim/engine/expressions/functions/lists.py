"""Functions on multi-valued attributes."""

from __future__ import annotations

from entrasim.engine.expressions.functions.function import plain
from entrasim.engine.expressions.functions.values import failed, number_of, text_of, texts_of
from entrasim.model.entry import Value


def count(attribute: Value) -> Value:
    """How many values there are."""
    return len(texts_of(attribute))


def item(attribute: Value, index: Value) -> Value:
    """One of several values, the first being 1; null beyond the last."""
    values, position = texts_of(attribute), number_of(index)
    if position < 1:
        raise failed(f"index must be 1 or more, not {position}")
    return values[position - 1] if position <= len(values) else None


def remove_duplicates(attribute: Value) -> Value:
    """Each value once, in the order of their first appearance."""
    return tuple(dict.fromkeys(texts_of(attribute))) or None


def split(source: Value, delimiter: Value) -> Value:
    """The parts of a text, without the spaces around them."""
    if source is None:
        return None
    text, between = text_of(source), text_of(delimiter)
    parts = (part.strip() for part in (text.split(between) if between else [text]))
    return tuple(part for part in parts if part) or None


FUNCTIONS = (
    plain("Count", count, "attribute"),
    plain("Item", item, "attribute", "index"),
    plain("RemoveDuplicates", remove_duplicates, "attribute"),
    plain("Split", split, "source", "delimiter"),
)
