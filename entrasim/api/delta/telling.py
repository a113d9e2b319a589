"""Tell what changed between two versions, page by page, as Graph does.

Source: learn.microsoft.com/graph/delta-query-overview, "Resource representation in the delta
query response"; …/delta-query-groups, "Paging through members in a large group"
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from entrasim.api.delta import remembering
from entrasim.api.delta.remembering import Ids, Joining, Members, Period, State
from entrasim.api.delta.tracking import Collection, Tracking

Item = dict[str, Any]

MOST_MEMBERS = 1_000
"""How many changes of members one page tells; a larger group goes on on the next."""

_CHUNK = 999  # objects that are looked at together
_read = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


class Round(Struct, frozen=True, kw_only=True):
    """One round of delta requests: what its client is told, however often it asks."""

    collection: Collection
    period: Period
    tracking: Tracking
    size: int
    minimal: bool = False

    @property
    def members(self) -> bool:
        """Whether it tells of members."""
        return self.collection == "groups" and self.tracking.references


class Place(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Where a page ended: after an object, or within its members after one of them."""

    after: str
    within: str | None = None


class Page(Struct, frozen=True):
    """Some of a round's objects, and where the next page begins; None after the last."""

    items: list[Item]
    place: Place | None


def page(connection: Connection, known: Ids, of: Round, place: Place | None) -> Page:
    """The next page of a round."""
    ids = _ids(connection, known, of)
    start = _start(ids, place)
    within, items, room = place.within if place else None, list[Item](), MOST_MEMBERS
    chunk = ids[start : start + of.size]
    while chunk:
        reached = chunk[0]
        for reached, item, end in _told(connection, of, chunk, within, room):
            if item is not None:
                items.append(item)
                room -= len(item.get("members@delta", ()))
            if end is not None:
                return Page(items, Place(reached, end))
            if len(items) == of.size:
                break
        if len(items) == of.size or reached != chunk[-1] or not room:
            return Page(items, Place(reached) if reached != ids[-1] else None)
        start, within = start + len(chunk), None
        chunk = ids[start : start + _CHUNK]
    return Page(items, None)


def _ids(connection: Connection, known: Ids, of: Round) -> Sequence[str]:
    """The ids of all objects that the round may tell something of, in order."""
    ids = known.changed(connection, of.collection, of.period, members=of.members)
    if of.tracking.chosen is None:
        return ids
    places = ((bisect_left(ids, one), one) for one in of.tracking.chosen)
    return sorted(one for place, one in places if ids[place : place + 1] == [one])


def _start(ids: Sequence[str], place: Place | None) -> int:
    if place is None:
        return 0
    return bisect_right(ids, place.after) if place.within is None else bisect_left(ids, place.after)


def _told(
    connection: Connection, of: Round, ids: Sequence[str], within: str | None, room: int
) -> Iterator[tuple[str, Item | None, str | None]]:
    """What there is to say of each object, and within which member it was cut off.

    Ends before an object whose members have no room any more.
    """
    states = remembering.states(connection, of.collection, of.period, ids)
    members = Members({})
    if of.members:
        there = [known for known in ids if _there(states[known][1])]
        members = remembering.members(connection, of.period, there, within, room)
    for known in ids:
        changes = members.of.get(known, ())
        if known == members.cut and not changes:
            return
        item = _item(known, *states[known], changes, of)
        if known == members.cut:
            yield known, item, changes[-1].member_id
            return
        yield known, item, None


def _item(
    known: str, before: State | None, after: State | None, members: Sequence[Joining], of: Round
) -> Item | None:
    """An object as Graph tells of it; None if nothing that is tracked has changed."""
    if after is None:
        return _removed(known, "deleted") if before else None
    if after.deleted:
        return _removed(known, "changed") if _there(before) else None
    item, changed = _properties(before, after, of)
    item["id"] = known
    if members:
        item["members@delta"] = [_member(change) for change in members]
    if of.collection == "users" and of.tracking.references:
        former = before.manager if before else None
        if former != after.manager:
            item["manager@delta"] = _managers(former, after.manager)
            changed = True
    return item if changed or members else None


def _there(state: State | None) -> bool:
    return state is not None and not state.deleted


def _removed(known: str, reason: str) -> Item:
    return {"id": known, "@removed": {"reason": reason}}


def _properties(before: State | None, after: State, of: Round) -> tuple[Item, bool]:
    """What there is to say of properties, and whether any has changed.

    Of a new object those that are set; of a restored one all that are selected, since its
    client may remember what it was. Of a changed one, null says that a property was cleared.
    """
    new = _read(after.properties)
    new.pop("id", None)
    names: Sequence[str] = tuple(new) if of.tracking.select is None else of.tracking.select
    if before is None:
        return {name: new[name] for name in names if name in new}, True
    if before.deleted:
        return {name: new.get(name) for name in names}, True
    old = new if before.properties == after.properties else _read(before.properties)
    if of.tracking.select is None:
        names = (*names, *(name for name in old if name not in new and name != "id"))
    changed = [name for name in names if new.get(name) != old.get(name)]
    told = changed if of.minimal else [name for name in names if name in new or name in old]
    return {name: new.get(name) for name in told}, bool(changed)


def _member(change: Joining) -> Item:
    return _reference(change.member_id, change.member_kind, joined=change.joined)


def _managers(before: str | None, after: str | None) -> list[Item]:
    ends = ((before, False), (after, True))
    return [_reference(known, "user", joined=joined) for known, joined in ends if known]


def _reference(known: str, kind: str, *, joined: bool) -> Item:
    item: Item = {"@odata.type": f"#microsoft.graph.{kind}", "id": known}
    return item if joined else {**item, "@removed": {"reason": "deleted"}}
