"""What a job remembers, and where."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from entrasim.model.connection import ConnectorSpace, Intent, Membership
from entrasim.model.cycle import Cycle, CycleKind, Outcome, Stage, TaskExecution
from entrasim.model.entry import Anchor
from entrasim.model.job import Announcement, Job, JobState, RestartScope, ScheduleState, SourceSize
from entrasim.model.log import LogQuery, ProvisioningRecord


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a good cycle came to: what the next one starts from."""

    watermark: str
    source_size: SourceSize


class Journal(Protocol):
    """What a cycle remembers by. Each method but `record` returns once it is committed."""

    def lock(self, job_id: str) -> AbstractAsyncContextManager[None]:
        """Hold a job's cycle for this process; freed when the process dies.

        Raises:
            JobRunningError: on entering, when another process holds it.
        """

    async def job_state(self, job: Job) -> JobState:
        """How the job stands; a job never seen before is remembered as configured."""

    async def connector_space(self, job_id: str) -> ConnectorSpace:
        """Everything the job remembers of its objects."""

    async def memberships(self, job_id: str, group: Anchor) -> tuple[Membership, ...]:
        """The members that a group in the target was told to have."""

    async def open_cycle(self, job: Job, kind: CycleKind, began_at: datetime) -> Cycle:
        """Begin a cycle; one left open by a killed process is closed as Failed."""

    async def stage(self, cycle: Cycle, stage: Stage) -> None:
        """Keep what importing found: the changed source records, and all assignments."""

    async def open_intents(self, cycle: Cycle, intents: Sequence[Intent]) -> None:
        """Commit what is about to be created, before it is sent."""

    async def record(self, cycle: Cycle, outcome: Outcome) -> None:
        """Take one object's outcome; it is committed with others, soon, in order."""

    async def flush(self) -> None:
        """Return once every outcome taken so far is committed."""

    async def close_cycle(self, execution: TaskExecution, *, reached: Reached | None) -> None:
        """End a cycle after all its outcomes are committed.

        `reached` moves the watermark; None leaves it. The job's health is the execution's;
        an active job whose health is exhausted is disabled.
        """

    async def announced(self, job_id: str, announcement: Announcement) -> None:
        """Remember what people were told of the job's quarantine, if it lasts still."""


class Store(Journal, Protocol):
    """Where jobs remember, for whoever starts, pauses, restarts and watches them."""

    async def set_schedule(self, job: Job, schedule: ScheduleState) -> None:
        """Start or pause the job; a running cycle finishes."""

    async def want_cycle(self, job: Job, at: datetime) -> None:
        """Ask the daemon for a cycle now."""

    async def restart(self, job: Job, scopes: frozenset[RestartScope]) -> None:
        """Forget what the scopes name, so that the next cycle begins anew."""

    async def cycle_runs(self, job_id: str) -> bool:
        """Whether a process holds the job's cycle; one that was killed holds none.

        Ask only of a job whose `running_cycle_id` says so: a cycle that begins at this very
        moment may be refused.
        """

    async def executions(self, job_id: str, limit: int) -> tuple[TaskExecution, ...]:
        """The latest ended cycles, newest first."""

    async def records(self, query: LogQuery) -> tuple[ProvisioningRecord, ...]:
        """Read the provisioning log, oldest first."""

    async def close(self) -> None:
        """Commit what is open and let go of the database."""
