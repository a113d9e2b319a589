"""The queries: connector space, cycles, provisioning log."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any, TypeVar

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    UnaryExpression,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from entrasim.model.connection import ConnectorSpace, Membership
from entrasim.model.cycle import CycleState, Milestones, TaskExecution
from entrasim.model.entry import Anchor
from entrasim.model.log import LogQuery, ProvisioningRecord
from entrasim.state import rows
from entrasim.state.tables import (
    AssignmentRow,
    ConnectionRow,
    CycleRow,
    EscrowRow,
    IntentRow,
    LogRow,
    MembershipRow,
    SourceRow,
    StateTable,
    table_of,
)

T = TypeVar("T")

_CYCLES, _LOG = table_of(CycleRow), table_of(LogRow)
_MEMBERSHIPS = table_of(MembershipRow)
_LOOKED_BACK = 500  # cycles: two weeks of forty minutes each
_EXECUTION = msgspec.json.Decoder(TaskExecution)


def connector_space(connection: Connection, job_id: str) -> ConnectorSpace:
    """Everything a job remembers of its objects."""

    def all_of(model: type[StateTable], read: Callable[[rows.Found], T]) -> tuple[T, ...]:
        table = table_of(model)
        found = connection.execute(select(table).where(table.c.job_id == job_id))
        return tuple(map(read, found))

    return ConnectorSpace(
        sources=all_of(SourceRow, rows.source_record),
        assignments=all_of(AssignmentRow, rows.assignment),
        connections=all_of(ConnectionRow, rows.connection),
        intents=all_of(IntentRow, rows.intent),
        escrows=all_of(EscrowRow, rows.escrow),
    )


def memberships(connection: Connection, job_id: str, group: Anchor) -> tuple[Membership, ...]:
    """The members that a group in the target was told to have."""
    key = rows.named(rows.key_of(job_id, group))
    statement = select(_MEMBERSHIPS).where(*(_MEMBERSHIPS.c[n] == v for n, v in key.items()))
    return tuple(map(rows.membership, connection.execute(statement)))


def executions(connection: Connection, job_id: str, limit: int) -> tuple[TaskExecution, ...]:
    """The latest ended cycles, newest first."""
    ended = (_CYCLES.c.job_id == job_id) & _CYCLES.c.execution.is_not(None)
    latest = select(_CYCLES.c.execution).where(ended).order_by(_CYCLES.c.began_at.desc())
    return tuple(_EXECUTION.decode(text) for text in connection.scalars(latest.limit(limit)))


def milestones(connection: Connection, job_id: str) -> Milestones:
    """The cycles of a job that people ask about."""
    ended = (_CYCLES.c.job_id == job_id) & _CYCLES.c.execution.is_not(None)
    good = ended & (_CYCLES.c.state == CycleState.SUCCEEDED.value)
    latest, earliest = _CYCLES.c.began_at.desc(), _CYCLES.c.began_at.asc()

    def found(which: ColumnElement[bool], order: UnaryExpression[Any], most: int) -> list[str]:
        statement = select(_CYCLES.c.execution).where(which).order_by(order).limit(most)
        return list(connection.scalars(statement))

    last = [_EXECUTION.decode(text) for text in found(ended, latest, 1)]
    succeeded = map(_EXECUTION.decode, found(good, latest, _LOOKED_BACK))
    first = [_EXECUTION.decode(text) for text in found(good, earliest, 1)]
    newest = next(succeeded, None)
    considered = chain([newest] if newest else [], succeeded)
    return Milestones(
        last=last[0] if last else None,
        succeeded=newest,
        exported=next((one for one in considered if one.counts.exported), None),
        first_succeeded=first[0] if first else None,
    )


def records(connection: Connection, query: LogQuery) -> tuple[ProvisioningRecord, ...]:
    """The log records that fit a query, oldest first."""
    newest_first = _fitting(query).order_by(_LOG.c.number.desc()).limit(query.limit)
    found = connection.execute(newest_first).all()
    return tuple(map(rows.log_record, reversed(found)))


def records_by_time(
    connection: Connection, query: LogQuery, beyond: str | None, *, descending: bool
) -> tuple[ProvisioningRecord, ...] | None:
    """The log records that fit a query in the order of their time, from beyond one of them on.

    None if there is no such record to go on from.
    """
    time, number = _LOG.c.activity_at, _LOG.c.number
    statement = _fitting(query).limit(query.limit)
    if beyond is not None:
        seen = connection.execute(select(time, number).where(_LOG.c.id == beyond)).one_or_none()
        if seen is None:
            return None
        place, edge = tuple_(time, number), tuple_(*map(literal, seen, (time.type, number.type)))
        statement = statement.where(place < edge if descending else place > edge)
    order = (time.desc(), number.desc()) if descending else (time, number)
    return tuple(map(rows.log_record, connection.execute(statement.order_by(*order))))


def _fitting(query: LogQuery) -> Select[str]:
    statement = select(_LOG.c.record)
    for name in ("job_id", "action", "status", "cycle_id"):
        if (wanted := getattr(query, name)) is not None:
            statement = statement.where(_LOG.c[name] == wanted)
    if query.subject is not None:
        folded = ("folded_source_id", "folded_source_name", "folded_target_id")
        subject = query.subject.casefold()
        statement = statement.where(or_(*(_LOG.c[name] == subject for name in folded)))
    if query.since is not None:
        statement = statement.where(_LOG.c.activity_at >= query.since)
    if query.until is not None:
        statement = statement.where(_LOG.c.activity_at <= query.until)
    if query.after is not None:
        seen = select(_LOG.c.number).where(_LOG.c.id == query.after).scalar_subquery()
        statement = statement.where(_LOG.c.number > func.coalesce(seen, 0))
    return statement
