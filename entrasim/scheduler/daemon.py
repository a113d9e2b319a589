"""The daemon: starts each job's cycle when it is due, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from datetime import datetime

from entrasim.model.cycle import CycleRequest
from entrasim.model.job import Job
from entrasim.ports import Clock, Store
from entrasim.scheduler import events
from entrasim.scheduler.lane import Lane, RunCycle
from entrasim.scheduler.lanes import FindJobs, Lanes
from entrasim.scheduler.status import JobStatus
from entrasim.scheduler.ticker import ticker_for


class Daemon:
    """Runs the jobs side by side, one cycle of a job at a time.

    What is due, paused and done stands in the store alone, and is read again and again,
    so that other processes may start, pause and restart jobs meanwhile. Nothing that
    goes wrong in a cycle ends the daemon. `made` finds the jobs that come and go while it
    runs, besides those that are always there.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        store: Store,
        clock: Clock,
        run_cycle: RunCycle,
        *,
        made: FindJobs | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._lanes = Lanes(jobs, lambda job: Lane(job, store, clock, run_cycle), made)
        self._ticker = ticker_for(clock, self.wake, self.refresh)
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Start what is due whenever it is, until a stop is requested.

        Returns when the running cycles have ended; when cancelled, breaks them off.
        """
        self._ticker.start()
        try:
            self.wake()
            await self._stop.wait()
            await self.wait_idle()
        finally:
            self._stop.set()
            await self._ticker.stop()
            self._break_off()
            await self.wait_idle()

    def wake(self) -> None:
        """Have what is due looked for soon, in the running event loop."""
        if not self._stop.is_set():
            self._keep(asyncio.create_task(self.run_due(self._clock.now())))

    async def run_due(self, now: datetime) -> None:
        """Start the cycle of each job that is due by now, and return while they run."""
        async with self._turn:
            await self._lanes.renew()
            for lane in self._lanes.all:
                # Only a state that is read after a cycle ended tells when the next is due.
                if not lane.running:
                    await lane.refresh()
                    self._start_if_due(lane, now)
            self._move_wake_up()

    async def run_now(self, job_id: str, request: CycleRequest) -> Exception | None:
        """Run a cycle of a job whether it is due or not, after the one that may be under way.

        Returns when it has ended: what kept it from beginning, or ended it.

        Raises:
            LookupError: there is no such job.
        """
        async with self._turn:
            await self._lanes.renew()
            lane = next((lane for lane in self._lanes.all if lane.job.id == job_id), None)
            if lane is None:
                raise LookupError(job_id)
            if lane.cycle is not None:
                await asyncio.wait({lane.cycle})
            cycle = self._started(lane, request)
        await asyncio.wait({cycle})
        failure = lane.failure
        await self.wait_idle()
        return failure

    async def refresh(self) -> None:
        """See what other processes have changed; what became due is started soon."""
        async with self._turn:
            await self._lanes.renew()
            for lane in self._lanes.all:
                if not lane.running:
                    await lane.refresh()
            self._move_wake_up()

    async def wait_idle(self) -> None:
        """Wait until nothing runs, and nothing that woke the daemon is still to be seen to."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def request_stop(self) -> None:
        """Start no more cycles and end the running ones after the objects in flight.

        Asked again, break them off at once.
        """
        again = self._stop.is_set()
        events.stopping(at_once=again)
        self._stop.set()
        if again:
            self._break_off()

    async def status(self) -> tuple[JobStatus, ...]:
        """How each job stands, read from the store now.

        Raises:
            StateError: the store can't be read.
        """
        return tuple([await self._status_of(lane) for lane in self._lanes.all])

    async def _status_of(self, lane: Lane) -> JobStatus:
        state = await self._store.job_state(lane.job)
        latest = await self._store.executions(lane.job.id, 1)
        return JobStatus(
            job=lane.job,
            state=state,
            running=lane.running,
            next_due_at=lane.due_at(self._clock.now(), state),
            last_execution=latest[0] if latest else None,
        )

    def _start_if_due(self, lane: Lane, now: datetime) -> None:
        due = lane.due_at(now)
        if due is None or due > now or self._stop.is_set():
            return
        self._started(lane, CycleRequest())

    def _started(self, lane: Lane, request: CycleRequest) -> asyncio.Task[None]:
        cycle = lane.start(self._stop.is_set, request)
        self._keep(cycle)
        cycle.add_done_callback(self._look_again)
        return cycle

    def _move_wake_up(self) -> None:
        now = self._clock.now()
        moments = [lane.due_at(now) for lane in self._lanes.all if not lane.running]
        self._ticker.wake_at(min((m for m in moments if m is not None), default=None))

    def _look_again(self, cycle: asyncio.Task[None]) -> None:
        if not cycle.cancelled():  # a cycle that outlasted its interval is followed at once
            self.wake()

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _break_off(self) -> None:
        for task in self._tasks:
            task.cancel()


def install_signals(loop: asyncio.AbstractEventLoop, daemon: Daemon) -> None:
    """Let SIGTERM and SIGINT stop the daemon: once gently, twice at once."""
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, daemon.request_stop)
