"""A directory in memory that tells what changed, as Microsoft Graph does."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from entrasim.model.entry import Anchor, Entry, EntryChange, Presence, Reading, ReferenceChange
from entrasim.testing.memory import MemoryDirectory

Entries = dict[Anchor, Entry]


class MemoryDeltaDirectory(MemoryDirectory):
    """Implements the directory port; after a full reading it gives differences alone.

    What came and went between two readings is told by neither.

    Attributes:
        forgetful: whether the next reading is a full one, whatever was asked: the watermark
            has expired.
        asked: the watermark that each reading began with.
    """

    def __init__(self) -> None:
        super().__init__()
        self.forgetful = False
        self.asked: list[str | None] = []
        self._told: dict[str, Entries] = {}

    async def read(self, since: str | None) -> Reading:
        """Everything, or what changed."""
        self.asked.append(since)
        whole = await super().read(since)
        whole = replace(whole, entries=_without_deleted(whole.entries), omits_deleted=True)
        entries = {entry.anchor: entry for entry in whole.entries}
        self._told[whole.watermark] = entries
        if since is None or self.forgetful:
            self.forgetful = False
            there = tuple(e for e in whole.entries if e.presence is not Presence.PURGED)
            return replace(whole, entries=there, absent=Presence.UNSEEN)
        changes = tuple(_changes(self._told[since], entries))
        return replace(whole, entries=(), changes=changes, complete=False)


def _without_deleted(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries without references to those of them who are in the recycle bin."""
    there = {entry.anchor.id for entry in entries if entry.presence is Presence.PRESENT}
    return tuple(
        replace(e, references={n: _only(ids, there) for n, ids in e.references.items()})
        for e in entries
    )


def _only(ids: tuple[str, ...], there: set[str]) -> tuple[str, ...]:
    return tuple(known for known in ids if known in there)


def _changes(before: Entries, now: Entries) -> Iterator[EntryChange]:
    for anchor, entry in now.items():
        old = before.get(anchor, Entry(anchor=anchor))
        if anchor not in before or entry != old:
            names = {*old.properties, *entry.properties}
            references = {*old.references, *entry.references}
            yield EntryChange(
                anchor=anchor,
                properties={
                    name: entry.properties.get(name)
                    for name in names
                    if entry.properties.get(name) != old.properties.get(name)
                },
                references={
                    name: _moved(name, old.references.get(name, ()), entry.references.get(name, ()))
                    for name in references
                },
                presence=entry.presence,
                deleted_at=entry.deleted_at,
            )


def _moved(name: str, before: tuple[str, ...], now: tuple[str, ...]) -> ReferenceChange:
    joined = tuple(known for known in now if known not in before)
    left = tuple(known for known in before if known not in now)
    return ReferenceChange(joined=joined, left=left, whole=name == "manager" and bool(joined))
