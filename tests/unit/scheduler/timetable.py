"""A daemon over cycles that do nothing but happen, each written down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from entrasim.errors import EntrasimError, StateError, StoppedError
from entrasim.model.cycle import Counts, CycleKind, CycleRequest, CycleState, TaskExecution
from entrasim.model.job import Job, JobState
from entrasim.model.schema import Schema
from entrasim.ports import Clock, Store
from entrasim.scheduler.clocks import VirtualClock
from entrasim.scheduler.daemon import Daemon
from entrasim.scheduler.lane import RunCycle
from entrasim.testing.memory_store import MemoryStore

EIGHT = datetime(2026, 1, 5, 8, tzinfo=UTC)
INTERVAL = timedelta(minutes=40)


def a_job(name: str = "engagedly", **more: object) -> Job:
    schema = Schema(
        id="s", version="v", rule_id="r", mappings=(), target_objects={}, fingerprint="f"
    )
    known = {"graph_id": f"scim.contoso.{name}", "schema": schema, "target_url": "http://target"}
    return Job(id=name, **{**known, **more})


@dataclass
class Cycles:
    """A RunCycle that opens and closes real cycles in the store.

    A held job's cycle lasts until it is let go, or told to stop.
    """

    store: Store
    clock: Clock
    began: list[tuple[str, datetime]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    attempts: list[str] = field(default_factory=list)
    failing: dict[str, Exception] = field(default_factory=dict)
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    beginnings: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def __call__(
        self, job: Job, _request: CycleRequest, stopping: Callable[[], bool]
    ) -> TaskExecution:
        self.attempts.append(job.id)
        error = self.failing.get(job.id)
        if error is not None and not isinstance(error, EntrasimError):
            raise error
        async with self.store.lock(job.id):
            cycle = await self.store.open_cycle(job, CycleKind.INCREMENTAL, self.clock.now())
            self.began.append((job.id, cycle.began_at))
            self.beginnings.put_nowait(job.id)
            await self._last(job.id, stopping)
            state = CycleState.FAILED if error else CycleState.SUCCEEDED
            execution = TaskExecution(
                cycle=cycle,
                state=state,
                counts=Counts(),
                ended_at=self.clock.now(),
                error=(error.code, str(error)) if error else None,
            )
            await self.store.close_cycle(execution, reached=None)
            self.ended.append(job.id)
        if error is not None:
            raise error
        return execution

    def hold(self, job_id: str) -> None:
        self.held[job_id] = asyncio.Event()

    def let_go(self, job_id: str) -> None:
        self.held.pop(job_id).set()

    async def _last(self, job_id: str, stopping: Callable[[], bool]) -> None:
        gate = self.held.get(job_id)
        while gate is not None and not gate.is_set():
            if stopping():
                raise StoppedError("asked to end")
            await asyncio.sleep(0)


class BrittleStore(MemoryStore):
    """A store that can't be read while it is broken."""

    broken = False

    async def job_state(self, job: Job) -> JobState:
        if self.broken:
            raise StateError("the state can't be read")
        return await super().job_state(job)


class Timetable:
    """The daemon of some jobs on a virtual clock, and what its cycles did."""

    def __init__(self, *jobs: Job, run_cycle: RunCycle | None = None) -> None:
        self.jobs = jobs
        self.clock = VirtualClock(EIGHT)
        self.store = BrittleStore()
        self.cycles = Cycles(self.store, self.clock)
        self.daemon = Daemon(jobs, self.store, self.clock, run_cycle or self.cycles)
        self.running: asyncio.Task[None] | None = None

    @property
    def starts(self) -> list[datetime]:
        return [began_at for _, began_at in self.cycles.began]

    async def start(self) -> None:
        """Let the daemon run in the background; what is due has begun when this returns."""
        self.running = asyncio.create_task(self.daemon.run())
        await asyncio.sleep(0)
        await self.daemon.run_due(self.clock.now())

    async def pass_time(self, minutes: float) -> None:
        """Turn the clock forward and wait until nothing runs."""
        self.clock.advance(timedelta(minutes=minutes))
        await self.daemon.wait_idle()

    async def look(self) -> None:
        """Have the daemon look at the store, without waiting for its cycles."""
        await self.daemon.run_due(self.clock.now())
