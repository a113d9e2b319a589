"""Walk through a JSON document and collect everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar

E = TypeVar("E", bound=StrEnum)
Json = Mapping[str, Any]

ROOT = "the document"
"""The place of the whole; places inside it are paths such as `rules[0].name`."""


class JsonReader:
    """Takes values out of a document; what isn't as it should be becomes a problem.

    Attributes:
        problems: every mistake so far, with the document and the place in it.
        warnings: what can be read, but may not be what was meant.
    """

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self.problems: list[str] = []
        self.warnings: list[str] = []

    def problem(self, place: str, message: str) -> None:
        """Note a mistake."""
        self.problems.append(f"{self._origin}: {place}: {message}")

    def warning(self, place: str, message: str) -> None:
        """Note what may be a mistake."""
        self.warnings.append(f"{self._origin}: {place}: {message}")

    def members(self, value: object, place: str) -> Json:
        """An object; empty if it is none."""
        if isinstance(value, dict):
            return value
        self.problem(place, f"expected an object, found {kind_of(value)}")
        return {}

    def elements(self, parent: Json, key: str, place: str) -> list[Any]:
        """An array; empty if it is none, or isn't there."""
        value = parent.get(key)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        self.problem(inside(place, key), f"expected an array, found {kind_of(value)}")
        return []

    def objects(self, parent: Json, key: str, place: str) -> Iterator[tuple[str, Json]]:
        """The objects of an array, each with its place."""
        for index, element in enumerate(self.elements(parent, key, place)):
            path = f"{inside(place, key)}[{index}]"
            yield path, self.members(element, path)

    def text(self, parent: Json, key: str, place: str) -> str:
        """A text that must be there; empty if it isn't."""
        value = parent.get(key)
        if isinstance(value, str) and value:
            return value
        found = "an empty text" if value == "" else kind_of(value)
        self.problem(inside(place, key), f"expected a text, found {found}")
        return ""

    def flag(self, parent: Json, key: str, place: str) -> bool:
        """True or false; what isn't there is false."""
        value = parent.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.problem(inside(place, key), f"expected true or false, found {kind_of(value)}")
        return False

    def number(self, parent: Json, key: str, place: str) -> int:
        """An integer; what isn't there is 0."""
        value = parent.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value or 0
        self.problem(inside(place, key), f"expected an integer, found {kind_of(value)}")
        return 0

    def one_of(self, kind: type[E], parent: Json, key: str, place: str, default: E) -> E:
        """A member of an enumeration, in any case of letters."""
        value = parent.get(key)
        if value is None:
            return default
        for member in kind:
            if str(value).casefold() == member.casefold():
                return member
        self.problem(inside(place, key), f'"{value}" is none of {", ".join(kind)}')
        return default


def inside(place: str, key: str) -> str:
    """The place of a member."""
    return key if place == ROOT else f"{place}.{key}"


def kind_of(value: object) -> str:
    """What a value is, in words; a scalar as JSON writes it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case dict():
            return "an object"
        case list():
            return "an array"
        case str():
            return "a text"
        case _:
            return repr(value)
