"""Retaining: keep references to who is in the recycle bin, where a directory leaves them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from entrasim.model.connection import SourceRecord
from entrasim.model.entry import Anchor, Entry, Presence, Reading

_SEVERAL = "members"  # the one reference with room for those who are there and those who aren't


def retained(reading: Reading, known: Mapping[Anchor, SourceRecord]) -> Reading:
    """The reading, with references to deleted objects as they were before the deletion.

    A manager or member in the recycle bin stays what they were, until they are gone for good
    (learn.microsoft.com/entra/identity/app-provisioning/how-provisioning-works). Microsoft
    Graph takes them out of their groups at once, and puts them back if they are restored. Who
    is gone for good is taken out of everything that stands: what was read, and beside an
    incomplete reading what is remembered.
    """
    if not reading.omits_deleted:
        return reading
    read = {entry.anchor: entry for entry in reading.entries}
    presences = {a.id: r.entry.presence for a, r in known.items()}
    presences.update((anchor.id, entry.presence) for anchor, entry in read.items())
    deleted = {i for i, presence in presences.items() if presence is Presence.SOFT_DELETED}
    purged = {a.id for a, entry in read.items() if entry.presence is Presence.PURGED}
    if deleted:
        read = {a: _with(e, known[a].entry, deleted) if a in known else e for a, e in read.items()}
    if purged:
        remembered = {} if reading.complete else {a: record.entry for a, record in known.items()}
        read |= {e.anchor: e for e in _without({**remembered, **read}.values(), purged)}
    return replace(reading, entries=tuple(read.values()))


def _with(entry: Entry, before: Entry, deleted: set[str]) -> Entry:
    references = dict(entry.references)
    for name, ids in before.references.items():
        now = references.get(name, ())
        left = tuple(known for known in ids if known in deleted and known not in now)
        if left and (name == _SEVERAL or not now):
            references[name] = (*now, *left)
    return replace(entry, references=references) if references != entry.references else entry


def _without(entries: Iterable[Entry], purged: set[str]) -> Iterator[Entry]:
    for entry in entries:
        kept = {
            name: tuple(known for known in ids if known not in purged)
            for name, ids in entry.references.items()
            if not purged.isdisjoint(ids)
        }
        if kept:
            references = {n: ids for n, ids in {**entry.references, **kept}.items() if ids}
            yield replace(entry, references=references)
