"""Keep what a mapping redacts out of what is said of a failure.

A target quotes what it was sent, and a search has the value in its URL.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from entrasim.engine.compiled import CompiledMapping
from entrasim.engine.steps import mapping
from entrasim.errors import ObjectError
from entrasim.model.decision import REDACTED, AttributeChange, Decision
from entrasim.model.entry import Entry, Value

_TELLING = 4  # letters; fewer of a value say nothing of it
_BEGINS = r"(?<!\w)|(?<=%[0-9a-f]{2})"  # a word, also after a letter that a URL spells out


def hushed(
    error: ObjectError, decision: Decision | None, compiled: CompiledMapping, entry: Entry
) -> ObjectError:
    """The same error without the values that no log may show."""
    values = {text for value in _redacted(decision, compiled, entry) for text in _texts(value)}
    if not values:
        return error
    longest_first = sorted(values, key=len, reverse=True)
    told = re.sub("(?i)" + "|".join(map(_sought, longest_first)), REDACTED, str(error))
    for value in longest_first:
        told = _without_beginning(told, value)
    return type(error)(told, code=error.code)


def _sought(value: str) -> str:
    """A pattern of a value; a short one is sought as a word, or it would be found in any."""
    spelled = "".join(map(_spelled, value))
    return spelled if len(value) >= _TELLING else f"(?:{_BEGINS}){spelled}(?!\\w)"


def _spelled(letter: str) -> str:
    """A pattern of all spellings of a letter: as it is, in JSON, and in a URL's filter."""
    in_json = json.dumps(letter)[1:-1]
    spellings = {letter, in_json, in_json.replace("\\/", "/")}
    spellings |= {quote(one, safe="") for one in spellings} | {quote_plus(letter)}
    return f"(?:{'|'.join(map(re.escape, sorted(spellings, key=len, reverse=True)))})"


def _without_beginning(told: str, value: str) -> str:
    """A text at whose end a value was cut off, without what is left of it."""
    for length in range(len(value) - 1, _TELLING - 1, -1):
        if told.casefold().endswith(value[:length].casefold()):
            return told[:-length] + REDACTED
    return told


def _redacted(
    decision: Decision | None, compiled: CompiledMapping, entry: Entry
) -> Iterator[Value]:
    """What was to be sent; before anything is decided, what would be."""
    if decision is not None:
        changes: tuple[AttributeChange, ...] = getattr(decision, "changes", ())
        yield from (v for c in changes if c.redacted for v in (c.before, c.after))
        return
    for flow in compiled.flows:
        if flow.redacted:
            try:
                yield from mapping.map_values([flow], entry, soft_deleted=False).values()
            except ObjectError:
                continue  # there is no value to hide


def _texts(value: Value) -> Iterable[str]:
    several = value if isinstance(value, tuple) else (value,)
    return (str(one) for one in several if one not in {None, ""})
