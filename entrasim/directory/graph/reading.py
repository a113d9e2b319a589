"""One reading of Graph: everything there is, or what changed since the last one.

A reading takes its time, and whoever is deleted meanwhile loses assignments and memberships with
it. So these are read before the users, assignments first: the other way round somebody would
seem to be there without access, which ends being managed, and their deletion would never reach
the target.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from entrasim.directory.graph import deltas, recycle_bin
from entrasim.directory.graph.assignments import ServicePrincipal
from entrasim.directory.graph.client import GraphClient
from entrasim.directory.graph.deltas import DeltaRound
from entrasim.directory.graph.watermark import Asked, Watermark
from entrasim.model.entry import (
    Anchor,
    Assignment,
    Entry,
    EntryChange,
    ObjectType,
    Presence,
    Reading,
)

_ORDER = (ObjectType.GROUP, ObjectType.USER)


async def read_all(
    client: GraphClient,
    asked: Asked,
    principal: ServicePrincipal,
    assigned: tuple[Assignment, ...],
    provisioned: Iterable[ObjectType],
) -> Reading:
    """Everything there is; of what isn't there Graph doesn't say what became of it.

    Raises:
        StateLostError: Graph began anew in the middle.
        SourceError: Graph can't be read.
    """
    found, links = _Gathering(), dict[ObjectType, str]()
    for kind in _ORDER:
        delta = DeltaRound(client, kind, asked)
        async for change in delta.changes():
            found.add(change)
        links[kind] = delta.delta_link
    if asked.managers == "expand":
        async for change in deltas.managers(client, asked):
            if change.anchor in found.present:
                found.add(change)
    gone = found.gone()
    for kind in provisioned:
        for anchor, change in (await recycle_bin.deleted(client, kind, asked)).items():
            if anchor not in found.present:  # a user who is there was restored meanwhile
                gone[anchor] = change
    return Reading(
        entries=found.entries(),
        changes=tuple(gone.values()),
        assignments=assigned,
        app_roles=principal.roles(),
        complete=True,
        absent=Presence.UNSEEN,
        omits_deleted=True,
        watermark=Watermark(asked=asked, links=links).text(),
    )


async def read_changes(
    client: GraphClient,
    principal: ServicePrincipal,
    assigned: tuple[Assignment, ...],
    known: Watermark,
) -> Reading:
    """What changed since.

    Raises:
        StateLostError: a link has expired, or Graph starts anew; read everything.
        SourceError: Graph can't be read.
    """
    asked, changes, links = known.asked, list[EntryChange](), dict[ObjectType, str]()
    for kind in _ORDER:
        delta = DeltaRound(client, kind, asked, known.links[kind])
        changes += [change async for change in delta.changes()]
        links[kind] = delta.delta_link
    if asked.managers == "expand":
        gone = {c.anchor for c in _last(changes) if c.presence is not Presence.PRESENT}
        changes += [c async for c in deltas.managers(client, asked) if c.anchor not in gone]
    changes += await _moments_of_deletion(client, asked, changes)
    return Reading(
        entries=(),
        changes=tuple(changes),
        assignments=assigned,
        app_roles=principal.roles(),
        complete=False,
        omits_deleted=True,
        watermark=Watermark(asked=asked, links=links).text(),
    )


async def _moments_of_deletion(
    client: GraphClient, asked: Asked, changes: Iterable[EntryChange]
) -> list[EntryChange]:
    """When those who went into the recycle bin did so, which no delta tells.

    Without it nobody could tell, once the delta link is lost, that the 30 days are over.
    """
    gone = [c for c in _last(changes) if c.presence is Presence.SOFT_DELETED and not c.deleted_at]
    if not any(change.anchor.object_type is ObjectType.USER for change in gone):
        return []
    bin_ = await recycle_bin.deleted(client, ObjectType.USER, asked)
    held = ((change, bin_.get(change.anchor)) for change in gone)
    return [replace(change, deleted_at=found.deleted_at) for change, found in held if found]


def _last(changes: Iterable[EntryChange]) -> list[EntryChange]:
    """What was told last of each object."""
    return list({change.anchor: change for change in changes}.values())


class _Gathering:
    """Whole objects, put together from the pages of a first round.

    The members of a group are gathered apart, since a large one comes on many pages.
    """

    def __init__(self) -> None:
        self.present: dict[Anchor, Entry] = {}
        self._gone: dict[Anchor, EntryChange] = {}
        self._members: dict[Anchor, dict[str, None]] = {}

    def add(self, change: EntryChange) -> None:
        """Put another piece to the object that it is about."""
        anchor = change.anchor
        if change.presence is not Presence.PRESENT:
            self.present.pop(anchor, None)
            self._members.pop(anchor, None)
            self._gone[anchor] = change
            return
        self._gone.pop(anchor, None)
        references = dict(change.references)
        if (told := references.pop("members", None)) is not None:
            members = self._members.setdefault(anchor, {})
            members.update(dict.fromkeys(told.joined))
            for known in told.left:
                members.pop(known, None)
        self.present[anchor] = replace(change, references=references).on(self.present.get(anchor))

    def entries(self) -> tuple[Entry, ...]:
        """The objects that exist."""
        for anchor, members in self._members.items():
            if members:
                entry = self.present[anchor]
                references = {**entry.references, "members": tuple(members)}
                self.present[anchor] = replace(entry, references=references)
        self._members.clear()
        return tuple(self.present.values())

    def gone(self) -> dict[Anchor, EntryChange]:
        """Those that are told to be gone."""
        return dict(self._gone)
