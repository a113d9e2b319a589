"""The statements about jobs that are made through the API."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from entrasim.model.definition import JobDefinition
from entrasim.state import rows
from entrasim.state.tables import (
    AssignmentRow,
    ConnectionRow,
    CycleRow,
    DefinitionRow,
    EscrowRow,
    IntentRow,
    JobRow,
    MembershipRow,
    SourceRow,
    table_of,
)
from entrasim.state.writing import forget, upsert

_DEFINITIONS, _JOBS, _CYCLES = table_of(DefinitionRow), table_of(JobRow), table_of(CycleRow)
_OBJECTS = (ConnectionRow, MembershipRow, SourceRow, AssignmentRow, IntentRow, EscrowRow, CycleRow)


def find_all(connection: Connection) -> tuple[JobDefinition, ...]:
    """Every job there ever was, oldest first; those that were removed say so."""
    oldest_first = select(_DEFINITIONS).order_by(_DEFINITIONS.c.created_at, _DEFINITIONS.c.id)
    return tuple(map(rows.definition, connection.execute(oldest_first)))


def define(connection: Connection, definition: JobDefinition) -> None:
    """Keep a job, in the place of one of the same id."""
    upsert(connection, DefinitionRow, [rows.definition_row(definition)])


def change_schema(connection: Connection, job_id: str, text: str) -> bool:
    """Give a job another schema; whether there is such a job still."""
    present = (_DEFINITIONS.c.id == job_id) & _DEFINITIONS.c.removed_at.is_(None)
    changed = connection.execute(update(_DEFINITIONS).where(present).values(schema_text=text))
    return bool(changed.rowcount)


def remove_definition(connection: Connection, job_id: str, at: datetime) -> None:
    """Have a job be no more; what is remembered of its objects stays for now."""
    ours = _DEFINITIONS.c.id == job_id
    values = {"removed_at": at, "schema_text": ""}
    connection.execute(update(_DEFINITIONS).where(ours).values(values))


def left_behind(connection: Connection) -> tuple[str, ...]:
    """The jobs that were removed and are remembered all the same."""
    removed = _DEFINITIONS.c.removed_at.is_not(None)
    known = [select(t.c.id).where(owner == _DEFINITIONS.c.id).exists() for t, owner in _REMEMBERED]
    found = select(_DEFINITIONS.c.id).where(removed, known[0] | known[1])
    return tuple(connection.scalars(found))


def forget_job(connection: Connection, job_id: str) -> None:
    """Forget everything about a job but what its log tells."""
    for model in _OBJECTS:
        forget(connection, model, job_id)
    connection.execute(delete(_JOBS).where(_JOBS.c.id == job_id))


_REMEMBERED = ((_JOBS, _JOBS.c.id), (_CYCLES, _CYCLES.c.job_id))
