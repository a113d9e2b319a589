"""The statements about cycles: how they begin and end."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update

from entrasim.errors import StateError, StoppedError
from entrasim.model.cycle import Counts, Cycle, CycleKind, CycleState, TaskExecution
from entrasim.model.job import Job
from entrasim.ports import Reached
from entrasim.state import jobs, rows
from entrasim.state.tables import CycleRow, table_of

_CYCLES = table_of(CycleRow)


def open_cycle(
    connection: Connection, job: Job, kind: CycleKind, began_at: datetime, now: datetime
) -> Cycle:
    """Begin a cycle, after closing what a killed process left open.

    An incremental one began at a watermark; if there is none, a restart has just forgotten it.
    """
    jobs.enrol(connection, job)
    _close_abandoned(connection, job.id, now)
    state = jobs.find(connection, job.id)
    cycle = Cycle(id=str(uuid4()), job_id=job.id, kind=kind, began_at=began_at)
    row = {
        "id": cycle.id,
        "job_id": job.id,
        "kind": kind.value,
        "scope": job.scope.value,
        "schema_fingerprint": job.schema.fingerprint,
        "force_deletes": state is not None and state.force_deletes,
        "overtaken": kind is CycleKind.INCREMENTAL and (state is None or state.watermark is None),
        "began_at": began_at,
        "state": CycleState.RUNNING.value,
    }
    connection.execute(insert(_CYCLES), [row])
    begun = {"last_started_at": began_at, "cycle_wanted_at": None, "running_cycle_id": cycle.id}
    jobs.change(connection, job.id, **begun)
    return cycle


def close_cycle(connection: Connection, execution: TaskExecution, reached: Reached | None) -> None:
    """End a cycle; what a restart said in the meantime stands.

    The watermark moves to where the cycle came, under the scope and the mappings that it
    began with. An allowance for deletions is used up if the cycle began with it. A job whose
    health is exhausted is disabled, unless somebody paused it.
    """
    cycle, health = execution.cycle, execution.health
    row = connection.execute(select(_CYCLES).where(_CYCLES.c.id == cycle.id)).one_or_none()
    if row is None:
        raise StateError(f"the state doesn't know cycle {cycle.id}")
    _end(connection, execution)
    changed: rows.Row = {
        "quarantine": rows.encoded(health.quarantine),
        "successive_failures": health.successive_failures,
        "running_cycle_id": None,
    }
    if row.force_deletes and execution.state is not CycleState.FAILED:
        changed["force_deletes"] = False
    if reached is not None:
        changed["source_size"] = rows.encoded(reached.source_size)
    if reached is not None and not row.overtaken:
        changed["watermark"] = reached.watermark
        changed["scope"] = row.scope
        changed["schema_fingerprint"] = row.schema_fingerprint
    jobs.change(connection, cycle.job_id, **changed)
    if health.exhausted:
        jobs.disable(connection, cycle.job_id)


def _close_abandoned(connection: Connection, job_id: str, now: datetime) -> None:
    """Close the cycles that nobody runs any more: who opens one holds the job's lock."""
    running = (_CYCLES.c.job_id == job_id) & _CYCLES.c.execution.is_(None)
    for row in connection.execute(select(_CYCLES).where(running)).all():
        cycle = Cycle(id=row.id, job_id=job_id, kind=CycleKind(row.kind), began_at=row.began_at)
        execution = TaskExecution(
            cycle=cycle,
            state=CycleState.FAILED,
            counts=Counts(),
            ended_at=now,
            error=(StoppedError.code, "the process ended before its cycle did"),
        )
        _end(connection, execution)


def _end(connection: Connection, execution: TaskExecution) -> None:
    values = {"state": execution.state.value, "execution": rows.encoded(execution)}
    found = _CYCLES.c.id == execution.cycle.id
    connection.execute(update(_CYCLES).where(found).values(values))
