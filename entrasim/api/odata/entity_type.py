"""What a kind of object has: which properties a query may name, and of which shape they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from entrasim.api.odata.options import Expansion

Row = Mapping[str, Any]

_EXTENSION = "extension_"
_PLAIN_TYPE = "@odata.type"


class Shape(Enum):
    """The form of a property's values."""

    TEXT = auto()
    TEXTS = auto()
    BOOLEAN = auto()
    NUMBER = auto()
    MOMENT = auto()
    COMPLEX = auto()
    COMPLEXES = auto()

    @property
    def is_collection(self) -> bool:
        """Whether a value is a list."""
        return self in {Shape.TEXTS, Shape.COMPLEXES}


class EntityType(Struct, frozen=True, kw_only=True, dict=True):
    """A kind of object, as far as queries concern it.

    Attributes:
        name: Graph's name of it, such as `user`.
        properties: those that it has. Of a complex one every member may be asked for.
        shown: what is shown without $select; unset ones as null. None shows whatever is set.
        expands: what $expand adds to an object, by the name of the navigation property.
        kinds: what its objects are in truth, by their `@odata.type`, of a kind that stands for
            several.
        refuses: query options and functions that Graph doesn't support on it.
        largest: the most objects of a page.
    """

    name: str
    properties: Mapping[str, Shape]
    shown: tuple[str, ...] | None = None
    expands: Mapping[str, Callable[[Row, Expansion], object]] = {}
    kinds: Mapping[str, EntityType] = {}
    refuses: frozenset[str] = frozenset()
    largest: int = 999

    @cached_property
    def _spellings(self) -> dict[str, str]:
        return {name.casefold(): name for name in (*self.properties, *self.expands)}

    def spelt(self, name: str) -> str | None:
        """A property as Graph spells it; None if this kind of object has none of that name."""
        if name.startswith(_EXTENSION) or name == _PLAIN_TYPE:
            return name
        return self._spellings.get(name.casefold())

    def of(self, row: Row) -> EntityType:
        """What an object is in truth."""
        return self.kinds.get(row.get(_PLAIN_TYPE, ""), self)

    def shape(self, name: str) -> Shape | None:
        """The shape of a property; None of one that is the tenant's own."""
        return self.properties.get(name)

    def empty(self, name: str) -> list[object] | None:
        """What stands for a property that is not set."""
        shape = self.properties.get(name)
        return [] if shape is not None and shape.is_collection else None
