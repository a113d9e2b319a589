"""The statements that write: many rows at a time, whatever database it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, and_, delete, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from entrasim.model.cycle import Stage
from entrasim.state import rows
from entrasim.state.rows import Row
from entrasim.state.tables import (
    AssignmentRow,
    JobRow,
    LogRow,
    MembershipRow,
    SourceRow,
    StateTable,
    table_of,
)

T = TypeVar("T")
Key = tuple[str, ...]

_CHUNK = 2_000  # rows per statement: large enough to be fast, small enough to stay small
_LOG_LOCK = 7_310_579_017_405_302  # entrasim's own number among a server's advisory locks


def upsert(connection: Connection, model: type[StateTable], values: Iterable[Row]) -> None:
    """Insert rows, or replace those that bear the same key."""
    table = table_of(model)
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    replaced = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys}
    statement = statement.on_conflict_do_update(index_elements=keys, set_=replaced)
    for chunk in _chunks(values):
        connection.execute(statement, chunk)


def remove(connection: Connection, model: type[StateTable], keys: Iterable[Key]) -> None:
    """Delete rows by their primary key; those that aren't there are no matter."""
    table = table_of(model)
    *outer, last = table.primary_key.columns
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key in keys:
        groups[key[:-1]].append(key[-1])
    for values, ids in groups.items():
        same = and_(*(column == value for column, value in zip(outer, values, strict=True)))
        for chunk in _chunks(ids):
            connection.execute(delete(table).where(same, last.in_(chunk)))


def empty_groups(connection: Connection, groups: Iterable[Key]) -> None:
    """Delete all memberships of these groups."""
    table = table_of(MembershipRow)
    for job_id, object_type, source_id in groups:
        group = (table.c.job_id == job_id) & (table.c.object_type == object_type)
        connection.execute(delete(table).where(group, table.c.source_id == source_id))


def forget(connection: Connection, model: type[StateTable], job_id: str) -> None:
    """Delete all of a job's rows in a table."""
    table = table_of(model)
    connection.execute(delete(table).where(table.c.job_id == job_id))


def append_to_log(connection: Connection, records: Sequence[Row]) -> None:
    """Add records to the end of the provisioning log.

    PostgreSQL would let a later number be committed before an earlier one, and a reader
    who goes on from the last record seen would miss that.
    """
    if not records:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOG_LOCK})
    connection.execute(insert(table_of(LogRow)), records)


def write_stage(connection: Connection, job_id: str, stage: Stage) -> None:
    """Keep changed source records, exactly these assignments, and how far was read."""
    upsert(connection, SourceRow, (rows.source_row(job_id, record) for record in stage.sources))
    table = table_of(AssignmentRow)
    found = connection.execute(select(table).where(table.c.job_id == job_id))
    before = {row.id: rows.assignment(row) for row in found}
    after = {assignment.id: assignment for assignment in stage.assignments}
    changed = (one for key, one in after.items() if before.get(key) != one)
    upsert(connection, AssignmentRow, (rows.assignment_row(job_id, one) for one in changed))
    remove(connection, AssignmentRow, [(job_id, key) for key in before if key not in after])
    if stage.read_to is not None:
        jobs = table_of(JobRow)
        read = update(jobs).where(jobs.c.id == job_id).values(read_to=stage.read_to)
        connection.execute(read)


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(values)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk
