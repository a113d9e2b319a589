"""A store in memory: remembers as long as its process lives."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from msgspec.structs import replace

from entrasim.errors import JobRunningError, StoppedError
from entrasim.model.connection import (
    ConnectorSpace,
    Escrow,
    Intent,
    Membership,
    ObjectConnection,
    SourceRecord,
)
from entrasim.model.cycle import Counts, Cycle, CycleKind, CycleState, Outcome, Stage, TaskExecution
from entrasim.model.entry import Anchor, Assignment
from entrasim.model.job import (
    Announcement,
    Job,
    JobState,
    QuarantineReason,
    RestartScope,
    ScheduleState,
)
from entrasim.model.log import LogQuery, ProvisioningRecord
from entrasim.ports import Reached
from entrasim.state import record_of

T = TypeVar("T")


@dataclass
class _Opened:
    """The cycle under way, and what it began with."""

    cycle: Cycle
    job: Job
    force_deletes: bool
    overtaken: bool = False


@dataclass
class _Memory:
    """What is remembered of one job."""

    state: JobState
    sources: dict[Anchor, SourceRecord] = field(default_factory=dict)
    assignments: tuple[Assignment, ...] = ()
    connections: dict[Anchor, ObjectConnection] = field(default_factory=dict)
    intents: dict[Anchor, Intent] = field(default_factory=dict)
    memberships: dict[Anchor, dict[tuple[str, Anchor], Membership]] = field(default_factory=dict)
    escrows: dict[Anchor, Escrow] = field(default_factory=dict)
    executions: list[TaskExecution] = field(default_factory=list)
    opened: _Opened | None = None


class MemoryStore:
    """Implements the store port in dictionaries; what it is given is there at once."""

    def __init__(self) -> None:
        self._jobs: dict[str, _Memory] = {}
        self._locked: set[str] = set()
        self._log: list[ProvisioningRecord] = []
        self._cycles = itertools.count(1)

    @asynccontextmanager
    async def lock(self, job_id: str) -> AsyncIterator[None]:
        """Hold the job's cycle."""
        if job_id in self._locked:
            raise JobRunningError(f'a cycle of job "{job_id}" is running already')
        self._locked.add(job_id)
        try:
            yield
        finally:
            self._locked.discard(job_id)

    async def cycle_runs(self, job_id: str) -> bool:
        """Whether somebody holds the job's cycle."""
        return job_id in self._locked

    async def job_state(self, job: Job) -> JobState:
        """How the job stands."""
        return self._of(job).state

    async def connector_space(self, job_id: str) -> ConnectorSpace:
        """Everything remembered of its objects."""
        memory = self._jobs.get(job_id)
        if memory is None:
            return ConnectorSpace()
        return ConnectorSpace(
            sources=tuple(memory.sources.values()),
            assignments=memory.assignments,
            connections=tuple(memory.connections.values()),
            intents=tuple(memory.intents.values()),
            escrows=tuple(memory.escrows.values()),
        )

    async def memberships(self, job_id: str, group: Anchor) -> tuple[Membership, ...]:
        """The members a group was told to have."""
        memory = self._jobs.get(job_id)
        return tuple(memory.memberships.get(group, {}).values()) if memory else ()

    async def open_cycle(self, job: Job, kind: CycleKind, began_at: datetime) -> Cycle:
        """Begin a cycle."""
        memory = self._of(job)
        if memory.opened is not None:
            memory.executions.insert(0, _abandoned(memory.opened.cycle, began_at))
        cycle = Cycle(id=f"cycle-{next(self._cycles)}", job_id=job.id, kind=kind, began_at=began_at)
        memory.state = replace(
            memory.state, last_started_at=began_at, cycle_wanted_at=None, running_cycle_id=cycle.id
        )
        overtaken = kind is CycleKind.INCREMENTAL and memory.state.watermark is None
        memory.opened = _Opened(cycle, job, memory.state.force_deletes, overtaken)
        return cycle

    async def stage(self, cycle: Cycle, stage: Stage) -> None:
        """Keep what importing found."""
        memory = self._jobs[cycle.job_id]
        memory.sources.update((record.entry.anchor, record) for record in stage.sources)
        memory.assignments = stage.assignments
        memory.state = replace(memory.state, read_to=stage.read_to or memory.state.read_to)

    async def open_intents(self, cycle: Cycle, intents: Sequence[Intent]) -> None:
        """Keep what is about to be created."""
        memory = self._jobs[cycle.job_id]
        memory.intents.update((intent.source_anchor, intent) for intent in intents)

    async def record(self, cycle: Cycle, outcome: Outcome) -> None:
        """Take one object's outcome."""
        memory, anchor = self._jobs[cycle.job_id], outcome.anchor
        if outcome.displaced is not None:
            memory.connections.pop(outcome.displaced, None)
            memory.memberships.pop(outcome.displaced, None)
        _keep(memory.connections, anchor, outcome.connection)
        _keep(memory.escrows, anchor, outcome.escrow)
        _keep_members(memory.memberships, outcome)
        if outcome.source is not None:
            memory.sources[anchor] = outcome.source
        if outcome.intent_settled:
            memory.intents.pop(anchor, None)
        if outcome.logged:
            self._log.append(record_of(cycle, outcome))

    async def flush(self) -> None:
        """Nothing waits."""

    async def close_cycle(self, execution: TaskExecution, *, reached: Reached | None) -> None:
        """End a cycle."""
        memory = self._jobs[execution.cycle.job_id]
        opened, memory.opened = memory.opened, None
        memory.executions.insert(0, execution)
        if opened is None:
            return
        used_up = opened.force_deletes and execution.state is not CycleState.FAILED
        health = execution.health
        ends = health.exhausted and memory.state.schedule is ScheduleState.ACTIVE
        memory.state = replace(
            memory.state,
            schedule=ScheduleState.DISABLED if ends else memory.state.schedule,
            quarantine=health.quarantine,
            successive_failures=health.successive_failures,
            running_cycle_id=None,
            force_deletes=memory.state.force_deletes and not used_up,
        )
        if reached is not None:
            memory.state = replace(memory.state, source_size=reached.source_size)
        if reached is not None and not opened.overtaken:
            memory.state = replace(
                memory.state,
                watermark=reached.watermark,
                scope=opened.job.scope,
                schema_fingerprint=opened.job.schema.fingerprint,
            )

    async def announced(self, job_id: str, announcement: Announcement) -> None:
        """Remember what people were told of the job's quarantine."""
        memory = self._jobs[job_id]
        if held := memory.state.quarantine:
            memory.state = replace(memory.state, quarantine=replace(held, announced=announcement))

    async def set_schedule(self, job: Job, schedule: ScheduleState) -> None:
        """Start or pause the job."""
        memory = self._of(job)
        state = _revived(memory.state) if schedule is ScheduleState.ACTIVE else memory.state
        memory.state = replace(state, schedule=schedule)

    async def want_cycle(self, job: Job, at: datetime) -> None:
        """Ask for a cycle now."""
        memory = self._of(job)
        memory.state = replace(memory.state, cycle_wanted_at=at)

    async def restart(self, job: Job, scopes: frozenset[RestartScope]) -> None:
        """Forget what the scopes name."""
        memory = self._of(job)
        full = RestartScope.FULL in scopes
        store = full or RestartScope.CONNECTOR_DATA_STORE in scopes
        if store:
            memory.sources, memory.assignments = {}, ()
            memory.connections, memory.intents, memory.memberships = {}, {}, {}
        if store or RestartScope.ESCROWS in scopes:
            memory.escrows = {}
        state = _revived(memory.state)
        if store or RestartScope.WATERMARK in scopes:
            state = replace(state, watermark=None)
            if memory.opened is not None:
                memory.opened.overtaken = True
        if full or RestartScope.QUARANTINE_STATE in scopes:
            state = _healthy(state)
            _forget_staged(memory)
        if RestartScope.FORCE_DELETES in scopes:
            held = state.quarantine
            guards = held is not None and held.reason is QuarantineReason.TOO_MANY_DELETES
            state = replace(_healthy(state) if guards else state, force_deletes=True)
        memory.state = state

    async def executions(self, job_id: str, limit: int) -> tuple[TaskExecution, ...]:
        """The latest ended cycles."""
        memory = self._jobs.get(job_id)
        return () if memory is None else tuple(memory.executions[:limit])

    async def records(self, query: LogQuery) -> tuple[ProvisioningRecord, ...]:
        """The provisioning log, filtered by what the query names."""
        names = ("job_id", "action", "status", "cycle_id")
        wanted = {name: getattr(query, name) for name in names}
        ids = [record.id for record in self._log]
        start = ids.index(query.after) + 1 if query.after in ids else 0
        found = [
            record
            for record in self._log[start:]
            if all(value in {None, getattr(record, name)} for name, value in wanted.items())
            and (query.subject is None or query.subject.casefold() in _names(record))
        ]
        return tuple(found[-query.limit :] if query.limit else found)

    async def close(self) -> None:
        """Nothing is open."""

    def _of(self, job: Job) -> _Memory:
        if job.id not in self._jobs:
            active = ScheduleState.ACTIVE if job.starts_active else ScheduleState.PAUSED
            self._jobs[job.id] = _Memory(JobState(schedule=active))
        return self._jobs[job.id]


def _abandoned(cycle: Cycle, now: datetime) -> TaskExecution:
    return TaskExecution(
        cycle=cycle,
        state=CycleState.FAILED,
        counts=Counts(),
        ended_at=now,
        error=(StoppedError.code, "the process ended before its cycle did"),
    )


def _healthy(state: JobState) -> JobState:
    return replace(state, quarantine=None, successive_failures=0)


def _revived(state: JobState) -> JobState:
    """A job that was disabled starts with a clean slate."""
    if state.schedule is not ScheduleState.DISABLED:
        return state
    return replace(_healthy(state), schedule=ScheduleState.ACTIVE)


def _forget_staged(memory: _Memory) -> None:
    for anchor, connection in memory.connections.items():
        if connection.staged:
            memory.connections[anchor] = replace(connection, staged=None)
            memory.sources[anchor] = replace(memory.sources[anchor], pending=True)


def _keep(kept: dict[Anchor, T], key: Anchor, value: T | None) -> None:
    kept.pop(key, None)
    if value is not None:
        kept[key] = value


def _keep_members(
    kept: dict[Anchor, dict[tuple[str, Anchor], Membership]], outcome: Outcome
) -> None:
    if outcome.anew or outcome.connection is None:
        kept.pop(outcome.anchor, None)
    members = kept.setdefault(outcome.anchor, {})
    for one in outcome.left:
        members.pop((one.attribute, one.member), None)
    members.update({(one.attribute, one.member): one for one in outcome.joined})


def _names(record: ProvisioningRecord) -> set[str]:
    names = (record.source_id, record.source_name, record.target_id or "")
    return {name.casefold() for name in names}
