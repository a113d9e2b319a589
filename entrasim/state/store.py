"""The store on a SQL database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from typing import TypeVar

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from entrasim.errors import JobRunningError, StateError
from entrasim.model.connection import ConnectorSpace, Intent, Membership, NamedConnection
from entrasim.model.cycle import Cycle, CycleKind, Milestones, Outcome, Stage, TaskExecution
from entrasim.model.definition import JobDefinition
from entrasim.model.entry import Anchor
from entrasim.model.job import Announcement, Job, JobState, RestartScope, ScheduleState
from entrasim.model.log import LogQuery, ProvisioningRecord
from entrasim.ports import Clock, Reached
from entrasim.state import cycles, definitions, jobs, links, locking, reading, soundness, writing
from entrasim.state.database import Database, open_database
from entrasim.state.reasons import reason_of
from entrasim.state.writer import Writer

T = TypeVar("T")


class SqlStore:
    """Implements the store port on SQLite or PostgreSQL.

    One thread writes everything, in groups; reads happen in threads of their own, and see
    what is committed. The event loop never waits for a disk. Every method raises a
    StateError once something could not be written.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._writer = Writer(database.writing)

    @classmethod
    def open(cls, url: str, *, clock: Clock) -> SqlStore:
        """Open the database at a URL, made or migrated as needed.

        Raises:
            ConfigurationError: the URL names no database that can be used.
            StateError: the database is damaged, locked or from a newer version.
        """
        return cls(open_database(url), clock)

    @asynccontextmanager
    async def lock(self, job_id: str) -> AsyncIterator[None]:
        """Hold a job's cycle for this process, on a sound state; freed when the process dies.

        Raises:
            JobRunningError: on entering, when somebody else holds it.
            StateError: on entering, when the database is damaged.
        """
        release = await asyncio.to_thread(locking.take, self._database, job_id)
        try:
            await asyncio.to_thread(soundness.check, self._database)
            yield
        finally:
            await asyncio.to_thread(release)

    async def cycle_runs(self, job_id: str) -> bool:
        """Whether a process holds the job's cycle; one that was killed holds none."""
        return await asyncio.to_thread(locking.is_held, self._database, job_id)

    async def job_state(self, job: Job) -> JobState:
        """How the job stands; a job never seen before is remembered as configured."""
        while (found := await self._read(lambda c: jobs.find(c, job.id))) is None:
            await self._writer.run(lambda c: jobs.enrol(c, job))
        return found

    async def connector_space(self, job_id: str) -> ConnectorSpace:
        """Everything the job remembers of its objects."""
        return await self._read(lambda c: reading.connector_space(c, job_id))

    async def memberships(self, job_id: str, group: Anchor) -> tuple[Membership, ...]:
        """The members that a group in the target was told to have."""
        return await self._read(lambda c: reading.memberships(c, job_id, group))

    async def open_cycle(self, job: Job, kind: CycleKind, began_at: datetime) -> Cycle:
        """Begin a cycle; one left open by a killed process is closed as Failed."""
        now = self._clock.now()
        return await self._writer.run(lambda c: cycles.open_cycle(c, job, kind, began_at, now))

    async def stage(self, cycle: Cycle, stage: Stage) -> None:
        """Keep what importing found: the changed source records, and all assignments."""
        await self._writer.run(lambda c: writing.write_stage(c, cycle.job_id, stage))

    async def open_intents(self, cycle: Cycle, intents: Sequence[Intent]) -> None:
        """Commit what is about to be created, before it is sent."""
        await self._writer.commit(lambda batch: batch.add_intents(cycle, intents))

    async def record(self, cycle: Cycle, outcome: Outcome) -> None:
        """Take one object's outcome; it is committed with others, soon, in order."""
        await self._writer.accept(lambda batch: batch.add_outcome(cycle, outcome))

    async def flush(self) -> None:
        """Return once every outcome taken so far is committed."""
        await self._writer.run(lambda _: None)

    async def close_cycle(self, execution: TaskExecution, *, reached: Reached | None) -> None:
        """End a cycle after all its outcomes are committed."""
        await self._writer.run(lambda c: cycles.close_cycle(c, execution, reached))

    async def set_schedule(self, job: Job, schedule: ScheduleState) -> None:
        """Start or pause the job; a running cycle finishes."""
        await self._writer.run(lambda c: jobs.set_schedule(c, job, schedule))

    async def want_cycle(self, job: Job, at: datetime) -> None:
        """Ask the daemon for a cycle now."""
        await self._writer.run(lambda c: jobs.want_cycle(c, job, at))

    async def restart(self, job: Job, scopes: frozenset[RestartScope]) -> None:
        """Forget what the scopes name, so that the next cycle begins anew."""
        await self._writer.run(lambda c: jobs.restart(c, job, scopes))

    async def announced(self, job_id: str, announcement: Announcement) -> None:
        """Remember what people were told of the job's quarantine."""
        await self._writer.run(lambda c: jobs.announced(c, job_id, announcement))

    async def executions(self, job_id: str, limit: int) -> tuple[TaskExecution, ...]:
        """The latest ended cycles, newest first."""
        return await self._read(lambda c: reading.executions(c, job_id, limit))

    async def records(self, query: LogQuery) -> tuple[ProvisioningRecord, ...]:
        """Read the provisioning log, oldest first."""
        return await self._read(lambda c: reading.records(c, query))

    async def records_by_time(
        self, query: LogQuery, beyond: str | None = None, *, descending: bool = True
    ) -> tuple[ProvisioningRecord, ...] | None:
        """Read the provisioning log in the order of time, from beyond a record's id on.

        None if no record has that id.
        """
        return await self._read(
            lambda c: reading.records_by_time(c, query, beyond, descending=descending)
        )

    async def milestones(self, job_id: str) -> Milestones:
        """The cycles of a job that people ask about."""
        return await self._read(lambda c: reading.milestones(c, job_id))

    async def counted(self, job_id: str) -> dict[str, int]:
        """How many objects of each kind a job looks after."""
        return await self._read(lambda c: links.counted(c, job_id))

    async def connection(self, job_id: str, known: str) -> NamedConnection | None:
        """The link of an object by its id on either side."""
        return await self._read(lambda c: links.find(c, job_id, known))

    async def forget_connection(self, job_id: str, anchor: Anchor) -> None:
        """Forget a link; the next cycle decides about its object as about a newcomer.

        Raises:
            JobRunningError: a cycle of the job is running.
        """
        async with self.lock(job_id):
            await self._writer.run(lambda c: links.forget(c, job_id, anchor))

    async def definitions(self) -> tuple[JobDefinition, ...]:
        """Every job that was made through the API, oldest first; those removed say so."""
        return await self._read(definitions.find_all)

    async def define(self, definition: JobDefinition) -> None:
        """Keep a job that was made through the API."""
        await self._writer.run(lambda c: definitions.define(c, definition))

    async def change_schema(self, job_id: str, text: str) -> bool:
        """Give such a job another schema; whether there is such a job still."""
        return await self._writer.run(lambda c: definitions.change_schema(c, job_id, text))

    async def remove(self, job_id: str) -> None:
        """Have such a job be no more; `sweep` forgets its objects."""
        now = self._clock.now()
        await self._writer.run(lambda c: definitions.remove_definition(c, job_id, now))

    async def sweep(self) -> None:
        """Forget the objects of jobs that were removed, but for those of a running cycle.

        The log stays. Ask again once the cycle has ended.
        """
        for job_id in await self._read(definitions.left_behind):
            with suppress(JobRunningError):
                async with self.lock(job_id):
                    await self._writer.run(partial(definitions.forget_job, job_id=job_id))

    async def close(self) -> None:
        """Commit what is open and let go of the database.

        Raises:
            StateError: an outcome could not be written, and nobody was told so yet.
        """
        try:
            await asyncio.to_thread(self._writer.close)
        finally:
            self._database.close()

    async def _read(self, query: Callable[[Connection], T]) -> T:
        self._writer.check()
        return await asyncio.to_thread(self._query, query)

    def _query(self, query: Callable[[Connection], T]) -> T:
        try:
            with self._database.reading.connect() as connection:
                return query(connection)
        except (SQLAlchemyError, msgspec.MsgspecError, ValueError) as error:
            reason = reason_of(error)
            raise StateError(f"the state can't be read: {reason}") from error
