"""The statements about jobs: how they stand, and what people want of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from entrasim.model.job import Job, JobState, RestartScope, ScheduleState
from entrasim.state import rows
from entrasim.state.tables import (
    AssignmentRow,
    ConnectionRow,
    CycleRow,
    EscrowRow,
    IntentRow,
    JobRow,
    MembershipRow,
    SourceRow,
    table_of,
)
from entrasim.state.writing import forget

_JOBS, _CYCLES = table_of(JobRow), table_of(CycleRow)
_TOO_MANY_DELETES = "TooManyDeletes"

# What Full stands for; ForceDeletes is an allowance and never part of it
# (learn.microsoft.com/graph/api/resources/synchronization-synchronizationjobrestartcriteria).
_FULL = frozenset(RestartScope) - {RestartScope.FULL, RestartScope.FORCE_DELETES}


def find(connection: Connection, job_id: str) -> JobState | None:
    """How a job stands, if it was seen before."""
    row = connection.execute(select(_JOBS).where(_JOBS.c.id == job_id)).one_or_none()
    return None if row is None else rows.job_state(row)


def enrol(connection: Connection, job: Job) -> None:
    """Remember a job never seen before, active or paused as it is configured."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    schedule = ScheduleState.ACTIVE if job.starts_active else ScheduleState.PAUSED
    row = {"id": job.id, "schedule": schedule.value, "force_deletes": False}
    connection.execute(dialect.insert(_JOBS).on_conflict_do_nothing(), [row])


def change(connection: Connection, job_id: str, **values: object) -> None:
    """Change columns of a job."""
    connection.execute(update(_JOBS).where(_JOBS.c.id == job_id).values(values))


def set_schedule(connection: Connection, job: Job, schedule: ScheduleState) -> None:
    """Start or pause a job."""
    enrol(connection, job)
    change(connection, job.id, schedule=schedule.value)


def want_cycle(connection: Connection, job: Job, at: datetime) -> None:
    """Note that somebody asked for a cycle."""
    enrol(connection, job)
    change(connection, job.id, cycle_wanted_at=at)


def restart(connection: Connection, job: Job, scopes: frozenset[RestartScope]) -> None:
    """Forget what the scopes name."""
    enrol(connection, job)
    if RestartScope.FULL in scopes:
        scopes |= _FULL
    if RestartScope.CONNECTOR_DATA_STORE in scopes:
        for model in (ConnectionRow, MembershipRow, SourceRow, AssignmentRow, IntentRow):
            forget(connection, model, job.id)
        scopes |= {RestartScope.WATERMARK}
    if RestartScope.ESCROWS in scopes:
        forget(connection, EscrowRow, job.id)
    if RestartScope.WATERMARK in scopes:
        _forget_watermark(connection, job.id)
    if RestartScope.QUARANTINE_STATE in scopes:
        change(connection, job.id, quarantine=None)
    if RestartScope.FORCE_DELETES in scopes:
        _force_deletes(connection, job.id)


def _forget_watermark(connection: Connection, job_id: str) -> None:
    """Make the next cycle an initial one, whatever a running one comes to."""
    change(connection, job_id, watermark=None)
    running = (_CYCLES.c.job_id == job_id) & _CYCLES.c.execution.is_(None)
    connection.execute(update(_CYCLES).where(running).values(overtaken=True))


def _force_deletes(connection: Connection, job_id: str) -> None:
    """Allow the next cycle what the guard held back, and lift the guard's quarantine."""
    state = find(connection, job_id)
    change(connection, job_id, force_deletes=True)
    if state and state.quarantine and state.quarantine.reason == _TOO_MANY_DELETES:
        change(connection, job_id, quarantine=None)
