"""Importing: find what is new in a reading of the directory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from entrasim.model.connection import SourceRecord
from entrasim.model.entry import Anchor, Entry, Presence, Reading

RECYCLE_BIN = timedelta(days=30)  # the directory keeps a deleted user so long


def changes(
    reading: Reading, known: Mapping[Anchor, SourceRecord], *, now: datetime, initial: bool
) -> dict[Anchor, SourceRecord]:
    """The records of the objects that changed since they were last read, marked pending.

    In an initial cycle every object counts as changed. An object that a complete reading
    doesn't hold any more is purged if it was in the recycle bin when last read; otherwise
    it is taken as missing, which disables it but can never delete it.
    """
    found = {e.anchor: _named(_aged(e, now), known.get(e.anchor)) for e in reading.entries}
    if reading.complete:
        found.update(_absent(found.keys(), known.values(), now))
    if initial:
        found = {**{a: _aged(r.entry, now) for a, r in known.items()}, **found}
    else:
        found.update(_run_out(found.keys(), known.values(), now))
    return {
        anchor: SourceRecord(
            entry=entry, entitled=anchor in known and known[anchor].entitled, pending=True
        )
        for anchor, entry in found.items()
        if initial or anchor not in known or known[anchor].entry != entry
    }


def _aged(entry: Entry, now: datetime) -> Entry:
    expired = entry.deleted_at is not None and entry.deleted_at + RECYCLE_BIN <= now
    if entry.presence is Presence.SOFT_DELETED and expired:
        return replace(entry, presence=Presence.PURGED)
    return entry


def _named(entry: Entry, known: SourceRecord | None) -> Entry:
    """A tombstone says only who is gone; what they were is remembered."""
    if entry.presence is not Presence.PURGED or entry.properties or known is None:
        return entry
    return replace(entry, properties=known.entry.properties)


def _absent(
    found: Iterable[Anchor], known: Iterable[SourceRecord], now: datetime
) -> dict[Anchor, Entry]:
    there = set(found)
    gone = (r.entry for r in known if r.entry.anchor not in there)
    return {entry.anchor: _gone(entry, now) for entry in gone}


def _gone(entry: Entry, now: datetime) -> Entry:
    match entry.presence:
        case Presence.PRESENT:
            return replace(entry, presence=Presence.MISSING, deleted_at=now)
        case Presence.SOFT_DELETED:
            return replace(entry, presence=Presence.PURGED)
        case Presence.MISSING | Presence.PURGED:
            return entry


def _run_out(
    found: Iterable[Anchor], known: Iterable[SourceRecord], now: datetime
) -> dict[Anchor, Entry]:
    there = set(found)
    aged = (_aged(r.entry, now) for r in known if r.entry.anchor not in there)
    return {entry.anchor: entry for entry in aged if entry.presence is Presence.PURGED}
