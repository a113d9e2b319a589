"""Read the change history: what was true at the two ends of a period."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from msgspec import Struct
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    case,
    func,
    or_,
    select,
    union,
)

from entrasim.api.delta.tables import MemberRow, ObjectRow, table_of
from entrasim.api.delta.tracking import Collection

_OBJECTS, _MEMBERS = table_of(ObjectRow), table_of(MemberRow)
_FEW = 50  # as many as a filter may name
_ROUNDS = 4  # whose ids are kept: a hundred thousand take ten megabytes


class Period(Struct, frozen=True):
    """From one version of a history, which is told no more, to another, which is."""

    history: str
    since: int
    until: int


class State(Struct, frozen=True):
    """What an object was."""

    deleted: bool
    manager: str | None
    properties: bytes


class Joining(Struct, frozen=True):
    """Who joined a group, or left it."""

    member_id: str
    member_kind: str
    joined: bool


class Members(Struct, frozen=True):
    """What changed in some groups, each in the order of the members' ids.

    Attributes:
        cut: the first group of which not everything is there, if it was too much.
    """

    of: Mapping[str, Sequence[Joining]]
    cut: str | None = None


class Ids:
    """The ids of those who changed, in order; of the last few rounds they are kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, bool, Period], list[str]] = OrderedDict()

    def changed(
        self, connection: Connection, collection: Collection, period: Period, *, members: bool
    ) -> Sequence[str]:
        """All whose properties, presence or manager differ, or whose members, if asked."""
        key = (collection, members, period)
        found = self._kept.pop(key, None)
        if found is None:
            found = sorted(
                connection.scalars(union(*_changed(collection, period, members=members)))
            )
        self._kept[key] = found
        while len(self._kept) > _ROUNDS:
            self._kept.popitem(last=False)
        return found


def _changed(collection: Collection, period: Period, *, members: bool) -> list[Select[str]]:
    table = _OBJECTS.c
    found = [
        select(table.id).where(table.kind == collection, _within(column, period))
        for column in (table.since, table.until)
    ]
    if members:
        columns = (_MEMBERS.c.since, _MEMBERS.c.until)
        found += [select(_MEMBERS.c.group_id).where(_within(column, period)) for column in columns]
    return found


def states(
    connection: Connection, collection: Collection, period: Period, ids: Sequence[str]
) -> dict[str, tuple[State | None, State | None]]:
    """What each object was at the beginning and at the end; None where it wasn't."""
    table = _OBJECTS.c
    query = select(
        table.id, table.since, table.until, table.deleted, table.manager, table.properties
    ).where(table.kind == collection, _among(period, ids), _held(period))
    found: dict[str, tuple[State | None, State | None]] = dict.fromkeys(ids, (None, None))
    for known, since, until, deleted, manager, properties in connection.execute(query).all():
        state, (before, after) = State(deleted, manager, properties), found.get(known, (None, None))
        found[known] = (
            state if since <= period.since else before,
            state if until is None or until > period.until else after,
        )
    return found


def _among(period: Period, ids: Sequence[str]) -> ColumnElement[bool]:
    """Whether something is one of these.

    Of a first round, unless only a few were chosen, that is whoever is between them.
    """
    if period.since or len(ids) <= _FEW:
        return _OBJECTS.c.id.in_(ids)
    return _OBJECTS.c.id.between(ids[0], ids[-1])


def _held(period: Period) -> ColumnElement[bool]:
    """Whether something held at the beginning or at the end of a period."""
    ends = (period.since, period.until) if period.since else (period.until,)
    return or_(*(_holds(_OBJECTS.c.since, _OBJECTS.c.until, at) for at in ends))


def members(
    connection: Connection, period: Period, groups: Sequence[str], within: str | None, limit: int
) -> Members:
    """Who joined these groups and who left them, so many at most.

    `within` is the member of the first group after whom to begin.
    """
    if not groups:
        return Members({})
    rows = connection.execute(_joinings(period, groups, within).limit(limit + 1)).all()
    found: dict[str, list[Joining]] = {}
    for group_id, member_id, member_kind, joined in rows[:limit]:
        found.setdefault(group_id, []).append(Joining(member_id, member_kind, bool(joined)))
    return Members(found, rows[limit][0] if len(rows) > limit else None)


def _joinings(
    period: Period, groups: Sequence[str], within: str | None
) -> Select[str, str, str, int]:
    table = _MEMBERS.c
    was, is_now = (
        func.max(case((_holds(table.since, table.until, at), 1), else_=0), type_=Integer)
        for at in (period.since, period.until)
    )
    changed = or_(_within(table.since, period), _within(table.until, period))
    query = select(table.group_id, table.member_id, func.max(table.member_kind), is_now)
    query = query.where(table.group_id.in_(groups), changed)
    if within is not None:
        query = query.where(or_(table.group_id != groups[0], table.member_id > within))
    ours = (table.group_id, table.member_id)
    return query.group_by(*ours).having(was != is_now).order_by(*ours)


def _within(column: Column[int], period: Period) -> ColumnElement[bool]:
    """Whether something began or ended in a period."""
    return and_(column > period.since, column <= period.until)


def _holds(since: Column[int], until: Column[int], at: int) -> ColumnElement[bool]:
    """Whether something held at a version."""
    return and_(since <= at, or_(until.is_(None), until > at))
