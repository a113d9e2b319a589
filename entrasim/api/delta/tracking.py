"""What a client tracks: which properties and references, of whom."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Collection = Literal["users", "groups"]

REFERENCE: dict[Collection, str] = {"users": "manager", "groups": "members"}
"""The reference that each collection's delta can tell of."""


class Tracking(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The terms of the initial request; every later one of the same client has them, too.

    Attributes:
        select: the properties, without `id`; None is all that there are.
        references: whether manager or members are tracked.
        chosen: the ids of the objects; None is all.
    """

    select: tuple[str, ...] | None
    references: bool
    chosen: tuple[str, ...] | None = None
