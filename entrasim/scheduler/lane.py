"""One job's lane: how the job stands, its running cycle, and what to do when that ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from entrasim.errors import EntrasimError, JobPausedError, JobRunningError, StoppedError
from entrasim.model.cycle import CycleRequest, TaskExecution
from entrasim.model.job import Job, JobState
from entrasim.ports import Clock, Store
from entrasim.scheduler.due import next_due
from entrasim.scheduler.events import JobEvents

RunCycle = Callable[[Job, CycleRequest, Callable[[], bool]], Awaitable[TaskExecution]]
"""Runs one cycle and takes the job's lock meanwhile; the last argument tells it to end
after the objects in flight."""

RETRY_AFTER = timedelta(seconds=5)
"""How long to wait after a cycle that failed, if it left the job as due as before."""


class Lane:
    """One job, and at most one cycle of it at a time.

    Attributes:
        state: how the job stood when that was last read; None if it could not be read.
        cycle: the latest cycle, under way or not.
        failure: what went wrong with the latest cycle that ended, or kept it from beginning.
    """

    def __init__(self, job: Job, store: Store, clock: Clock, run_cycle: RunCycle) -> None:
        self.job = job
        self.state: JobState | None = None
        self.cycle: asyncio.Task[None] | None = None
        self._store = store
        self._clock = clock
        self._run_cycle = run_cycle
        self.failure: Exception | None = None
        self._not_before: datetime | None = None
        self._unreadable = False
        self._runs_elsewhere = False
        self._events = JobEvents(job.id)

    @property
    def running(self) -> bool:
        """Whether a cycle is under way here."""
        return self.cycle is not None and not self.cycle.done()

    async def refresh(self) -> None:
        """Read how the job stands; a state that can't be read lets it wait."""
        try:
            self.state = await self._store.job_state(self.job)
        except Exception as error:  # noqa: BLE001 - one job's trouble must not end the daemon
            if not self._unreadable:
                self._events.unreadable(error)
            self.state, self._unreadable = None, True
        else:
            self._unreadable = False

    def due_at(self, now: datetime, state: JobState | None = None) -> datetime | None:
        """When the next cycle may start; None if nobody knows, or never.

        By the state given, or the one last read.
        """
        state = state or self.state
        if state is None:
            return None
        due = next_due(self.job, state, now)
        waiting = self._not_before
        # A longer wait than was ever set comes from a clock that was set back.
        if due is None or waiting is None or waiting > now + RETRY_AFTER:
            return due
        return max(due, waiting)

    def start(self, stopping: Callable[[], bool], request: CycleRequest) -> asyncio.Task[None]:
        """Start a cycle in the background; its end, however it comes, is told and survived."""
        carried = self._carry(stopping, request)
        self.cycle = asyncio.create_task(carried, name=f"cycle of {self.job.id}")
        return self.cycle

    async def _carry(self, stopping: Callable[[], bool], request: CycleRequest) -> None:
        self._not_before = None
        try:
            if not self._runs_elsewhere:
                self._events.began()
            execution = await self._run_cycle(self.job, request, stopping)
        except asyncio.CancelledError:
            self._events.cancelled()
            raise
        except Exception as error:  # noqa: BLE001 - nor must a mistake of our own
            self._fall_back(error)
        else:
            self._runs_elsewhere, self.failure = False, None
            self._events.ended(execution)

    def _fall_back(self, error: Exception) -> None:
        """Tell what went wrong, another process's long cycle only once, and wait a little."""
        self._not_before = self._clock.now() + RETRY_AFTER
        self.failure = error
        known, self._runs_elsewhere = self._runs_elsewhere, isinstance(error, JobRunningError)
        match error:
            case JobRunningError() if known:
                pass
            case JobRunningError() | JobPausedError() | StoppedError():
                self._events.not_run(error)
            case EntrasimError():
                self._events.failed(error)
            case _:
                self._events.broke(error)
