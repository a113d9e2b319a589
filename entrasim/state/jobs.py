"""The statements about jobs: how they stand, and what people want of them."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from entrasim.model.job import (
    Announcement,
    Job,
    JobState,
    QuarantineReason,
    RestartScope,
    ScheduleState,
)
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
_LINKS, _SOURCES = table_of(ConnectionRow), table_of(SourceRow)
_HEALTHY: rows.Row = {"quarantine": None, "successive_failures": 0}

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
    """Start or pause a job; one that was disabled starts healthy."""
    enrol(connection, job)
    if schedule is ScheduleState.ACTIVE:
        _revive(connection, job.id)
    change(connection, job.id, schedule=schedule.value)


def disable(connection: Connection, job_id: str) -> None:
    """Let no more cycles begin, unless somebody paused the job."""
    active = (_JOBS.c.id == job_id) & (_JOBS.c.schedule == ScheduleState.ACTIVE.value)
    disabled = ScheduleState.DISABLED.value
    connection.execute(update(_JOBS).where(active).values(schedule=disabled))


def announced(connection: Connection, job_id: str, announcement: Announcement) -> None:
    """Remember what people were told of a job's quarantine, if it lasts still."""
    state = find(connection, job_id)
    if state is not None and state.quarantine is not None:
        quarantine = replace(state.quarantine, announced=announcement)
        change(connection, job_id, quarantine=rows.encoded(quarantine))


def want_cycle(connection: Connection, job: Job, at: datetime) -> None:
    """Note that somebody asked for a cycle."""
    enrol(connection, job)
    change(connection, job.id, cycle_wanted_at=at)


def restart(connection: Connection, job: Job, scopes: frozenset[RestartScope]) -> None:
    """Forget what the scopes name; a job that was disabled starts again."""
    enrol(connection, job)
    _revive(connection, job.id)
    if RestartScope.FULL in scopes:
        scopes |= _FULL
    if RestartScope.CONNECTOR_DATA_STORE in scopes:
        for model in (ConnectionRow, MembershipRow, SourceRow, AssignmentRow, IntentRow):
            forget(connection, model, job.id)
        # An escrow of somebody who is never read again would be kept for ever.
        scopes |= {RestartScope.WATERMARK, RestartScope.ESCROWS}
    if RestartScope.ESCROWS in scopes:
        forget(connection, EscrowRow, job.id)
    if RestartScope.WATERMARK in scopes:
        _forget_watermark(connection, job.id)
    if RestartScope.QUARANTINE_STATE in scopes:
        change(connection, job.id, **_HEALTHY)
        _forget_staged(connection, job.id)
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
    if state and state.quarantine and state.quarantine.reason is QuarantineReason.TOO_MANY_DELETES:
        change(connection, job_id, **_HEALTHY)


def _forget_staged(connection: Connection, job_id: str) -> None:
    """Have the leavers that are held back decided about anew."""
    ours = (_LINKS.c.job_id == job_id) & _LINKS.c.staged.is_not(None)
    same = [_SOURCES.c[name] == _LINKS.c[name] for name in ("job_id", "object_type", "source_id")]
    staged = select(_LINKS.c.source_id).where(ours, *same).exists()
    connection.execute(update(_SOURCES).where(staged).values(pending=True))
    connection.execute(update(_LINKS).where(ours).values(staged=None))


def _revive(connection: Connection, job_id: str) -> None:
    """Start a job that was disabled, and only such a one, with a clean slate."""
    disabled = (_JOBS.c.id == job_id) & (_JOBS.c.schedule == ScheduleState.DISABLED.value)
    values = {"schedule": ScheduleState.ACTIVE.value, **_HEALTHY}
    connection.execute(update(_JOBS).where(disabled).values(values))
