"""The source guard: don't believe a directory that is suddenly empty or half."""

from __future__ import annotations

from collections.abc import Iterable

from entrasim.errors import ShrunkSourceError
from entrasim.model.connection import SourceRecord
from entrasim.model.entry import ObjectType, Presence
from entrasim.model.job import Safety, SourceSize

_REMEDY = "repair the directory, or say --accept-shrunk-source once if it is right"


def size(records: Iterable[SourceRecord], assignments: int) -> SourceSize:
    """Count what exists; who is in the recycle bin doesn't."""
    types = [r.entry.anchor.object_type for r in records if r.entry.presence is Presence.PRESENT]
    users = types.count(ObjectType.USER)
    return SourceSize(users=users, groups=len(types) - users, assignments=assignments)


def check(now: SourceSize, before: SourceSize | None, safety: Safety) -> None:
    """Refuse a directory without users, or one that lost more than its share.

    Raises:
        ShrunkSourceError: what is gone, and what to do about it.
    """
    if now.users == 0:
        raise ShrunkSourceError(f"the directory has no users; nobody was disabled: {_REMEDY}")
    if before is None:
        return
    for name in ("users", "groups", "assignments"):
        left, had = getattr(now, name), getattr(before, name)
        if had >= safety.shrink_floor and had - left > had * safety.shrink_share:
            raise ShrunkSourceError(
                f"the directory shrank from {had} {name} to {left}, more than the "
                f"{safety.shrink_share:.0%} allowed; nobody was disabled: {_REMEDY}"
            )
