"""Everything the demo needs, in one process and one folder that is gone afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from entrasim import bootstrap
from entrasim.api.access import guarded
from entrasim.api.health import health_app
from entrasim.bootstrap import Assembled
from entrasim.cli import engagedly as stand_in
from entrasim.cli.daemon_world import PORT
from entrasim.cli.listening import listen
from entrasim.config import JobSettings, load, write_starter
from entrasim.directory.fixture import TenantEditor
from entrasim.engagedly import Engagedly, EngagedlyServer
from entrasim.engine.cycle import run_cycle
from entrasim.errors import CycleError
from entrasim.model.cycle import Counts, CycleRequest, Outcome, TaskExecution
from entrasim.model.job import Job
from entrasim.ports import Silence, Store
from entrasim.scheduler.clocks import VirtualClock
from entrasim.scheduler.daemon import Daemon
from entrasim.scheduler.lane import RunCycle
from entrasim.serving import AsgiServer

MORNING = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
INTERVAL = timedelta(minutes=40)


@dataclass
class Watch(Silence):
    """Keeps what the latest cycle did."""

    outcomes: list[Outcome] = field(default_factory=list)

    def outcome(self, outcome: Outcome, counts: Counts) -> None:
        """Keep what is worth telling."""
        del counts
        if outcome.logged:
            self.outcomes.append(outcome)


@dataclass(frozen=True, slots=True)
class DemoWorld:
    """Contoso, Engagedly, and the daemon between them.

    Attributes:
        url: the stand-in's page.
        health_url: the daemon's health.
    """

    clock: VirtualClock
    daemon: Daemon
    job: Assembled
    tenant: TenantEditor
    engagedly: Engagedly
    watch: Watch
    url: str
    health_url: str

    async def cycle(self) -> TaskExecution:
        """Have the daemon run what is due by now.

        Raises:
            CycleError: it came to no end.
        """
        self.watch.outcomes.clear()
        await self.daemon.run_due(self.clock.now())
        await self.daemon.wait_idle()
        (execution,) = await self.job.store.executions(self.job.job.id, 1)
        if execution.error is not None:
            raise CycleError(execution.error[1])
        return execution


@asynccontextmanager
async def demo_world(port: int | None) -> AsyncIterator[DemoWorld]:
    """Open it all; nothing is left behind."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="entrasim-demo-")))
        clock, watch = VirtualClock(MORNING), Watch()
        engagedly = Engagedly(folder / "engagedly.db", now=clock.now)
        stack.callback(engagedly.close)
        server = await listen(
            lambda p: EngagedlyServer(engagedly, port=p), asked=port, default=stand_in.PORT
        )
        stack.push_async_callback(server.stop)
        settings, store = _settings(folder, engagedly, server, clock)
        stack.push_async_callback(store.close)
        assembled = bootstrap.assembled(settings, store, clock, observer=watch)
        job = await stack.enter_async_context(assembled)
        daemon = Daemon([job.job], store, clock, _cycle_of(job))
        health = await listen(
            lambda p: AsgiServer(guarded(health_app(daemon), None), port=p),
            asked=None,
            default=PORT,
        )
        stack.push_async_callback(health.stop)
        tenant = bootstrap.editor_of(settings, clock)
        yield DemoWorld(
            clock, daemon, job, tenant, engagedly, watch, server.url, f"{health.url}/health"
        )


def _settings(
    folder: Path, engagedly: Engagedly, server: EngagedlyServer, clock: VirtualClock
) -> tuple[JobSettings, Store]:
    """The starter's job, connected to the stand-in; nothing of the user's environment counts."""
    connection = engagedly.add_connection("Microsoft Entra", base_url=server.base_url)
    write_starter(folder)
    environ = {
        "ENGAGEDLY_TOKEN": connection.token,
        "ENTRASIM_JOBS__ENGAGEDLY__TARGET__BASE_URL": connection.base_url,
        "ENTRASIM_SERVICE__STATE": f"sqlite:///{folder}/entrasim.db",
    }
    configuration = load(folder / "config" / "entrasim.toml", environ)
    return configuration.job(None), bootstrap.open_store(configuration, clock)


def _cycle_of(assembled: Assembled) -> RunCycle:
    async def run(job: Job, request: CycleRequest, stopping: Callable[[], bool]) -> TaskExecution:
        ports = replace(assembled.ports, stopping=stopping)
        return await run_cycle(job, ports, request)

    return run
