"""The daemon with its API on a real socket, on a virtual clock, and a target on another."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from site_of_work import Site

from entrasim.api.application import daemon_app
from entrasim.api.surroundings import Surroundings
from entrasim.bootstrap import Roster, open_store, tenant_of
from entrasim.cli.daemon_world import daemon_of
from entrasim.config import load, write_starter
from entrasim.directory.fixture.graph_tenant import GraphTenant
from entrasim.engagedly import Engagedly, EngagedlyServer
from entrasim.scheduler.clocks import VirtualClock
from entrasim.scheduler.daemon import Daemon
from entrasim.serving import AsgiServer
from entrasim.state import SqlStore

EIGHT = datetime(2026, 1, 5, 8, tzinfo=UTC)


@dataclass
class Served:
    """The starter's tenant, its job paused, and whoever talks to the daemon."""

    folder: Path
    target: Site
    store: SqlStore
    clock: VirtualClock
    roster: Roster
    daemon: Daemon
    tenant: GraphTenant
    url: str
    client: httpx.AsyncClient
    principal: str = ""

    @property
    def base(self) -> str:
        return f"/v1.0/servicePrincipals/{self.principal}/synchronization"

    @property
    def credentials(self) -> list[dict]:
        return [
            {"key": "BaseAddress", "value": self.target.server.base_url},
            {"key": "SecretToken", "value": self.target.token},
        ]

    async def ask(self, method: str, path: str, json: object = None) -> httpx.Response:
        """Ask for a path below the synchronization of the service principal."""
        return await self.client.request(method, f"{self.base}{path}", json=json)

    async def made(self, template: str = "engagedly") -> str:
        """Make a job; gives its id."""
        answer = await self.ask("POST", "/jobs", {"templateId": template})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    async def trusted(self, template: str = "engagedly") -> str:
        """Make a job with credentials."""
        job = await self.made(template)
        answer = await self.ask("PUT", "/secrets", {"value": self.credentials})
        assert answer.status_code == 204, answer.text
        return job

    async def started(self) -> str:
        """Make a job and have it run once."""
        job = await self.trusted()
        answer = await self.ask("POST", f"/jobs/{job}/start")
        assert answer.status_code == 204, answer.text
        await self.idle()
        return job

    async def idle(self) -> None:
        """Return once the daemon has seen to everything."""
        await self.daemon.wait_idle()

    async def pass_time(self, minutes: float = 40) -> None:
        self.clock.advance(timedelta(minutes=minutes))
        await self.idle()

    async def user(self, name: str) -> str:
        """The id of a user."""
        users = (await self.tenant.objects()).users.values()
        return next(u.id for u in users if u.properties["userPrincipalName"] == name)

    def names(self) -> set[str]:
        """Who is in the target."""
        return {employee["email"] for employee in self.target.engagedly.employees()}


@asynccontextmanager
async def served(folder: Path, empty_state: Path):
    """A daemon that is up; the job of its configuration file is paused."""
    write_starter(folder)
    (folder / "state").mkdir()
    shutil.copy(empty_state, folder / "state")
    engagedly = Engagedly(folder / "engagedly.db")
    target = Site(folder, engagedly)
    target.gate.set()
    async with EngagedlyServer(engagedly, wrap=target.recorded) as server:
        target.server = server
        target.token = engagedly.add_connection("test", base_url=server.base_url).token
        async with _daemon(folder, target) as found:
            yield found
    engagedly.close()


@asynccontextmanager
async def _daemon(folder: Path, target: Site):
    environment = {
        **target.environment,
        "ENTRASIM_SERVICE__STATE": f"sqlite:///{folder}/state/entrasim.db",
        "ENTRASIM_JOBS__ENGAGEDLY__START": "paused",
    }
    configuration = load(folder / "config" / "entrasim.toml", environment)
    clock = VirtualClock(EIGHT)
    store, tenant = open_store(configuration, clock), tenant_of(configuration, clock)
    roster = Roster.of(configuration, store, clock)
    daemon = daemon_of(roster, roster.configured, store, clock, made=roster.runnable)
    app = daemon_app(Surroundings(daemon, configuration, store, clock, tenant))
    running = asyncio.create_task(daemon.run())
    async with AsgiServer(app) as server, httpx.AsyncClient(base_url=server.url) as client:
        found = Served(folder, target, store, clock, roster, daemon, tenant, server.url, client)
        found.principal = next(iter((await tenant.objects()).service_principals))
        await found.idle()
        yield found
    daemon.request_stop()
    await running
    await store.close()
