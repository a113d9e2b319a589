"""Importing: find what is new in a reading of the directory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from entrasim.engine.compiled import APP_ROLES
from entrasim.model.connection import SourceRecord
from entrasim.model.entry import DEFAULT_ACCESS, Anchor, Entry, ObjectType, Presence, Reading

RECYCLE_BIN = timedelta(days=30)  # the directory keeps a deleted user so long


def changes(
    reading: Reading, known: Mapping[Anchor, SourceRecord], *, now: datetime, initial: bool
) -> dict[Anchor, SourceRecord]:
    """The records of the objects that changed since they were last read, marked pending.

    In an initial cycle every object counts as changed. An object that a complete reading
    doesn't hold any more is purged if it was in the recycle bin when last read; otherwise
    it is taken as missing, which disables it but can never delete it. Where absence tells
    nothing it is unseen, and stays as it is.
    """
    found = {e.anchor: _named(_aged(e, now), known.get(e.anchor)) for e in reading.entries}
    if reading.complete:
        found.update(_absent(found.keys(), known.values(), reading.absent, now))
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


def whole(reading: Reading, known: Mapping[Anchor, SourceRecord]) -> Reading:
    """The reading with each object that changed as a whole, in its latest form.

    A change goes on top of what is in the reading already, else of what is remembered; an
    object that was gone for good begins anew.
    """
    entries = {entry.anchor: entry for entry in reading.entries}
    for change in reading.changes:
        record = known.get(change.anchor)
        before = entries.get(change.anchor, record.entry if record else None)
        entries[change.anchor] = change.on(before)
    return replace(reading, entries=tuple(entries.values()), changes=())


def with_app_roles(reading: Reading, known: Mapping[Anchor, SourceRecord]) -> Reading:
    """The reading, with the app roles of each user among their properties.

    A role that a group gives goes to the users in it; default access is no role. Of an
    incomplete reading, users whose roles alone changed are in it, too. A group that isn't in
    it, where absence tells nothing, goes on giving its roles.
    """
    read = {entry.anchor: entry for entry in reading.entries}
    remembered = {a: record.entry for a, record in known.items() if _stands(a, reading)}
    entries = {**remembered, **read}
    roles = _app_roles(reading, entries)
    named = ((anchor, _in_roles(entry, roles.get(anchor))) for anchor, entry in entries.items())
    return replace(reading, entries=tuple(e for a, e in named if a in read or e != entries[a]))


def _app_roles(reading: Reading, entries: Mapping[Anchor, Entry]) -> dict[Anchor, dict[str, None]]:
    """The texts of each user's app roles, in the order of their assignment."""
    texts = {role.id: role.text for role in reading.app_roles}
    roles: dict[Anchor, dict[str, None]] = {}
    for assignment in reading.assignments:
        text = texts.get(assignment.app_role_id)
        if text is None or assignment.app_role_id == DEFAULT_ACCESS:
            continue
        group = entries.get(Anchor(ObjectType.GROUP, assignment.principal_id))
        for member in _members(group) if group else (assignment.principal_id,):
            roles.setdefault(Anchor(ObjectType.USER, member), {})[text] = None
    return roles


def _stands(anchor: Anchor, reading: Reading) -> bool:
    """Whether what is remembered of an object counts beside what was read."""
    is_group = anchor.object_type is ObjectType.GROUP
    return not reading.complete or (is_group and reading.absent is Presence.UNSEEN)


def _members(group: Entry) -> tuple[str, ...]:
    """Who is in a group; a deleted one gives its members nothing."""
    present = group.presence in {Presence.PRESENT, Presence.UNSEEN}
    return group.references.get("members", ()) if present else ()


def _in_roles(entry: Entry, roles: Iterable[str] | None) -> Entry:
    others = {name: value for name, value in entry.properties.items() if name != APP_ROLES}
    return replace(entry, properties={**others, APP_ROLES: tuple(roles)} if roles else others)


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
    found: Iterable[Anchor], known: Iterable[SourceRecord], absent: Presence, now: datetime
) -> dict[Anchor, Entry]:
    there = set(found)
    gone = (r.entry for r in known if r.entry.anchor not in there)
    lost = _unseen if absent is Presence.UNSEEN else _missing
    return {entry.anchor: lost(entry, now) for entry in gone}


def _missing(entry: Entry, now: datetime) -> Entry:
    match entry.presence:
        case Presence.PRESENT | Presence.UNSEEN:
            return replace(entry, presence=Presence.MISSING, deleted_at=now)
        case Presence.SOFT_DELETED:
            return replace(entry, presence=Presence.PURGED)
        case Presence.MISSING | Presence.PURGED:
            return entry


def _unseen(entry: Entry, now: datetime) -> Entry:
    """What was there stays as it was; the recycle bin keeps its own time."""
    there = entry.presence is Presence.PRESENT
    return replace(entry, presence=Presence.UNSEEN) if there else _aged(entry, now)


def _run_out(
    found: Iterable[Anchor], known: Iterable[SourceRecord], now: datetime
) -> dict[Anchor, Entry]:
    there = set(found)
    aged = (_aged(r.entry, now) for r in known if r.entry.anchor not in there)
    return {entry.anchor: entry for entry in aged if entry.presence is Presence.PURGED}
