"""Compare the tenant as it is with what is remembered of it, and remember what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby, islice
from operator import itemgetter
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, Table, and_, bindparam, delete, func, insert, select, update

from entrasim.api.delta.tables import MemberRow, ObjectRow, VersionRow, table_of
from entrasim.directory.fixture.graph_objects import GraphObject, GraphObjects

LIFE = timedelta(days=7)
"""How long a token can be used, and changes are remembered.

learn.microsoft.com/graph/delta-query-overview, "Token duration": seven days for directory objects.
"""

T = TypeVar("T")
Key = tuple[str, str]
Held = tuple[str, str, int]
State = tuple[bool, str | None, bytes]
Row = dict[str, object]

_CHUNK = 2_000  # rows per statement: large enough to be fast, small enough to stay small
_OBJECTS, _MEMBERS, _VERSIONS = table_of(ObjectRow), table_of(MemberRow), table_of(VersionRow)
_encode = msgspec.json.Encoder(order="deterministic").encode


def remember(connection: Connection, objects: GraphObjects, now: datetime) -> None:
    """Make a new version of what changed since the newest one, if anything did.

    Who is in the recycle bin is nobody's manager and no group's member
    (learn.microsoft.com/graph/delta-query-groups: a member is told as removed "either by
    removing the membership or by deleting the user object itself").
    """
    version = newest(connection) + 1
    there = _there(objects)
    changed = _remember_objects(connection, "users", objects.users, there, version)
    changed |= _remember_objects(connection, "groups", objects.groups, there, version)
    changed |= _remember_members(connection, objects.groups, there, version)
    if changed:
        connection.execute(insert(_VERSIONS), {"number": version, "seen_at": now.timestamp()})
        _forget(connection, now)


def newest(connection: Connection) -> int:
    """The newest version; 0 if nobody was ever seen."""
    return connection.scalar(select(func.max(_VERSIONS.c.number))) or 0


def oldest(connection: Connection) -> int:
    """The oldest version that is remembered."""
    return connection.scalar(select(func.min(_VERSIONS.c.number))) or 0


def _there(objects: GraphObjects) -> dict[str, str]:
    """The kinds of all who are not in the recycle bin, by id."""
    kinds = (objects.service_principals, objects.groups, objects.users)
    return {one.id: one.kind for kind in kinds for one in kind.values() if not one.deleted}


def _state(one: GraphObject, there: Mapping[str, str]) -> State:
    managed = one.id in there and one.manager in there
    return one.deleted, one.manager if managed else None, _encode(one.properties)


def _remember_objects(
    connection: Connection,
    kind: str,
    found: Mapping[str, GraphObject],
    there: Mapping[str, str],
    version: int,
) -> bool:
    table = _OBJECTS.c
    query = select(table.id, table.since, table.deleted, table.manager, table.properties).where(
        table.kind == kind, table.until.is_(None)
    )
    known: set[str] = set()
    ended: list[Held] = []
    begun: list[str] = []
    for known_id, since, *state in connection.execute(
        query, execution_options={"yield_per": _CHUNK}
    ):
        known.add(known_id)
        one = found.get(known_id)
        if one is None or _state(one, there) != tuple(state):
            ended.append((kind, known_id, since))
            begun += () if one is None else (known_id,)
    begun += (new for new in found if new not in known)
    _end(connection, _OBJECTS, ended, version)
    for chunk in _chunks(sorted(begun)):
        rows = [_row(kind, found[one], there, version) for one in chunk]
        connection.execute(insert(_OBJECTS), rows)
    return bool(ended or begun)


def _row(kind: str, one: GraphObject, there: Mapping[str, str], version: int) -> Row:
    deleted, manager, properties = _state(one, there)
    state = {"deleted": deleted, "manager": manager, "properties": properties}
    return {"kind": kind, "id": one.id, "since": version, "until": None, **state}


def _remember_members(
    connection: Connection,
    groups: Mapping[str, GraphObject],
    there: Mapping[str, str],
    version: int,
) -> bool:
    table = _MEMBERS.c
    query = select(table.group_id, table.member_id, table.since).where(table.until.is_(None))
    known: set[str] = set()
    ended: list[Held] = []
    begun: list[Key] = []
    rows = connection.execute(
        query.order_by(table.group_id), execution_options={"yield_per": _CHUNK}
    )
    for group_id, held in groupby(rows, key=itemgetter(0)):
        known.add(group_id)
        before = {member: since for _, member, since in held}
        after = _members(groups.get(group_id), there)
        ended += ((group_id, m, since) for m, since in before.items() if m not in after)
        begun += ((group_id, member) for member in after - before.keys())
    for group_id in groups.keys() - known:
        begun += ((group_id, member) for member in _members(groups[group_id], there))
    _end(connection, _MEMBERS, ended, version)
    for chunk in _chunks(sorted(begun)):
        connection.execute(insert(_MEMBERS), [_member(key, there, version) for key in chunk])
    return bool(ended or begun)


def _members(group: GraphObject | None, there: Mapping[str, str]) -> set[str]:
    if group is None or group.deleted:
        return set()
    return {member for member in group.members if member in there}


def _member(key: Key, there: Mapping[str, str], version: int) -> Row:
    group_id, member_id = key
    ids = {"group_id": group_id, "member_id": member_id}
    return {**ids, "member_kind": there[member_id], "since": version, "until": None}


def _end(connection: Connection, table: Table, keys: list[Held], version: int) -> None:
    """Let what was true be true no more from a version on.

    A row is named by its whole key: asked for what holds still, SQLite would walk all that
    does for each of them.
    """
    names = [column.name for column in table.primary_key]
    same = and_(*(table.c[name] == bindparam(f"of_{name}") for name in names))
    statement = update(table).where(same).values(until=version)
    for chunk in _chunks(keys):
        rows = [
            {f"of_{name}": part for name, part in zip(names, key, strict=True)} for key in chunk
        ]
        connection.execute(statement, rows)


def _forget(connection: Connection, now: datetime) -> None:
    """Drop what held only before the versions that a living token can know."""
    aged = _VERSIONS.c.seen_at <= (now - LIFE).timestamp()
    floor = connection.scalar(select(func.max(_VERSIONS.c.number)).where(aged)) or 0
    for table in (_OBJECTS, _MEMBERS):
        connection.execute(delete(table).where(table.c.until <= floor))
    connection.execute(delete(_VERSIONS).where(_VERSIONS.c.number < floor))


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(values)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk
