"""The daemon and all that it stands on, opened and closed together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass

from entrasim import bootstrap
from entrasim.api.access import guarded
from entrasim.api.application import daemon_app
from entrasim.api.delta import ChangeHistory
from entrasim.api.surroundings import Surroundings
from entrasim.api.token.issuer import TokenIssuer
from entrasim.bootstrap import Enlisted, Roster
from entrasim.cli.listening import listen
from entrasim.cli.server_tls import ServerTls
from entrasim.config import Configuration
from entrasim.engine.cycle import run_cycle
from entrasim.model.cycle import CycleRequest, TaskExecution
from entrasim.model.job import Job
from entrasim.ports import Clock
from entrasim.scheduler.daemon import Daemon
from entrasim.scheduler.events import JobEvents
from entrasim.scheduler.lanes import FindJobs
from entrasim.serving import AsgiServer
from entrasim.state import SqlStore

PORT = 8420


@dataclass(frozen=True, slots=True)
class DaemonWorld:
    """A daemon that is not running yet, and what its API answers from.

    Attributes:
        jobs: the short ids of those it runs.
    """

    around: Surroundings
    jobs: tuple[str, ...]

    @property
    def daemon(self) -> Daemon:
        """The daemon."""
        return self.around.daemon

    async def serve(self, secured: ServerTls) -> AsgiServer:
        """Serve the API; a port that stands in the configuration was asked for."""
        around = self.around
        service, token = around.configuration.service, around.configuration.api_token
        app = guarded(daemon_app(around), token.reveal() if token else None, around.tokens)
        asked = service.port if "port" in service.model_fields_set else None
        return await listen(
            lambda port: AsgiServer(app, host=service.host, port=port, tls=secured.context),
            asked=asked,
            default=PORT,
        )


@asynccontextmanager
async def daemon_world(
    configuration: Configuration, store: SqlStore, clock: Clock, *, job: str | None = None
) -> AsyncIterator[DaemonWorld]:
    """Put a daemon together, for every job or for one."""
    roster = Roster.of(configuration, store, clock)
    chosen = [await roster.find(job)] if job else roster.configured
    running = chosen if job else await roster.everybody()
    daemon = daemon_of(roster, chosen, store, clock, made=None if job else roster.runnable)
    tenant = bootstrap.tenant_of(configuration, clock)
    tokens = TokenIssuer(bootstrap.state_folder(configuration) / "tokens" / "key.pem")
    history = ChangeHistory.beside(configuration.service.state, tenant) if tenant else None
    around = Surroundings(daemon, configuration, store, clock, tenant, tokens, history)
    world = DaemonWorld(around, tuple(one.job.id for one in running))
    if history is None:
        yield world
        return
    with closing(history):
        yield world


def daemon_of(
    roster: Roster,
    chosen: Sequence[Enlisted],
    store: SqlStore,
    clock: Clock,
    *,
    made: FindJobs | None,
) -> Daemon:
    """The daemon of the chosen jobs, and of those that `made` finds while it runs."""

    async def run(job: Job, request: CycleRequest, stopping: Callable[[], bool]) -> TaskExecution:
        settings = (await roster.find(job.id)).settings
        world = bootstrap.assembled(
            settings, store, clock, observer=JobEvents(job.id), stopping=stopping
        )
        async with world as found:
            return await run_cycle(found.job, found.ports, request)

    return Daemon([one.job for one in chosen], store, clock, run, made=made)
