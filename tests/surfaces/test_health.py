"""GET /health, asked as a load balancer would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from entrasim import __version__
from entrasim.api.health import health_app
from entrasim.errors import SourceError, StateError
from entrasim.model.cycle import Counts, CycleKind, CycleState, TaskExecution
from entrasim.model.job import Health, Job, Quarantine, QuarantineReason, ScheduleState
from entrasim.model.schema import Schema
from entrasim.scheduler.clocks import VirtualClock
from entrasim.scheduler.daemon import Daemon
from entrasim.serving import AsgiServer
from entrasim.testing.memory_store import MemoryStore

EIGHT = datetime(2026, 1, 5, 8, tzinfo=UTC)
JOB = Job(
    id="engagedly",
    graph_id="scim.contoso.1",
    target_url="http://127.0.0.1:8421/scim/v2",
    schema=Schema(
        id="s", version="v", rule_id="r", mappings=(), target_objects={}, fingerprint="f"
    ),
)


class BrokenStore(MemoryStore):
    async def job_state(self, job):
        raise StateError(f"the state of {job.id} can't be read")


class Watched:
    """A daemon with its health on a real socket."""

    def __init__(self, store):
        self.clock, self.store = VirtualClock(EIGHT), store
        self.quarantine, self.error = None, None
        self.daemon = Daemon([JOB], self.store, self.clock, self._cycle)

    async def cycle(self):
        await self.daemon.run_due(self.clock.now())
        await self.daemon.wait_idle()

    async def ask(self):
        async with AsgiServer(health_app(self.daemon)) as server, httpx.AsyncClient() as client:
            return await client.get(f"{server.url}/health")

    async def _cycle(self, job, _request, _stopping):
        cycle = await self.store.open_cycle(job, CycleKind.INCREMENTAL, self.clock.now())
        execution = TaskExecution(
            cycle=cycle,
            state=CycleState.FAILED if self.error else CycleState.SUCCEEDED,
            counts=Counts(imported=1),
            ended_at=self.clock.now(),
            error=(self.error.code, str(self.error)) if self.error else None,
            health=Health(quarantine=self.quarantine),
        )
        await self.store.close_cycle(execution, reached=None)
        if self.error:
            raise self.error
        return execution


@pytest.fixture
def watched():
    return Watched(MemoryStore())


async def test_daemon_whose_jobs_do_well_is_ok(watched):
    await watched.cycle()

    answer = await watched.ask()

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["version"] == __version__


async def test_health_tells_how_each_job_stands(watched):
    await watched.cycle()

    (job,) = (await watched.ask()).json()["jobs"]

    last = job.pop("lastExecution")
    assert (last["state"], last["counts"]["imported"]) == ("Succeeded", 1)
    assert job == {
        "id": "engagedly",
        "state": "Active",
        "running": False,
        "lastStartedAt": "2026-01-05T08:00:00Z",
        "nextDueAt": "2026-01-05T08:40:00Z",
        "quarantine": None,
    }


async def test_job_that_has_not_run_is_due_now(watched):
    (job,) = (await watched.ask()).json()["jobs"]

    assert (job["state"], job["lastExecution"]) == ("NotRun", None)
    assert job["nextDueAt"] == "2026-01-05T08:00:00Z"


async def test_paused_job_is_in_order_and_never_due(watched):
    await watched.store.set_schedule(JOB, ScheduleState.PAUSED)

    health = (await watched.ask()).json()

    assert health["status"] == "ok"
    assert health["jobs"][0]["state"] == "Paused"
    assert health["jobs"][0]["nextDueAt"] is None


async def test_failed_cycle_degrades_the_health(watched):
    watched.error = SourceError("users.json can't be read")
    await watched.cycle()

    answer = await watched.ask()

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["jobs"][0]["lastExecution"]["error"]["code"] == "SourceUnreadable"


async def test_quarantine_degrades_the_health(watched):
    watched.quarantine = Quarantine(
        reason=QuarantineReason.TOO_MANY_DELETES,
        code="TooManyDeletes",
        message="600 leave",
        series_began_at=EIGHT,
        began_at=EIGHT,
        cycle_id="",
        next_attempt_at=EIGHT + timedelta(minutes=80),
    )
    await watched.cycle()

    health = (await watched.ask()).json()

    assert health["status"] == "degraded"
    assert health["jobs"][0]["state"] == "Quarantine"
    assert health["jobs"][0]["quarantine"] == {
        "reason": "TooManyDeletes",
        "currentBegan": "2026-01-05T08:00:00Z",
        "nextAttempt": "2026-01-05T09:20:00Z",
        "seriesBegan": "2026-01-05T08:00:00Z",
        "seriesCount": 0,
        "error": {"code": "TooManyDeletes", "message": "600 leave"},
    }


async def test_unreadable_state_makes_the_daemon_unavailable():
    watched = Watched(BrokenStore())

    answer = await watched.ask()

    assert answer.status_code == 503
    assert answer.json()["error"] == {
        "code": "StateUnusable",
        "message": "the state of engagedly can't be read",
    }
