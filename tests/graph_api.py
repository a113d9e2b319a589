"""The daemon's API on a real socket, over a tenant in a folder."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx

from entrasim.api.access import guarded
from entrasim.api.application import daemon_app
from entrasim.api.surroundings import Surroundings
from entrasim.config import load, write_starter
from entrasim.directory.fixture.graph_tenant import GraphTenant
from entrasim.scheduler.clocks import VirtualClock
from entrasim.scheduler.daemon import Daemon
from entrasim.serving import AsgiServer
from entrasim.testing.memory_store import MemoryStore

EIGHT = datetime(2026, 1, 5, 8, tzinfo=UTC)


class GraphApi:
    """What a client sees of the API, and the folder behind it."""

    def __init__(self, folder: Path, server: AsgiServer, client: httpx.AsyncClient) -> None:
        self.folder, self.server, self.client = folder, server, client

    @property
    def url(self) -> str:
        return f"{self.server.url}/v1.0"

    async def get(self, path: str, status: int = 200, **headers: str) -> dict:
        return await self.send("GET", path, status=status, headers=headers)

    async def send(self, method: str, path: str, *, status: int, **more) -> dict:
        """Send a request that gives this status; its body, and where it has none, nothing."""
        answer = await self.client.request(method, path, **more)
        assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
        return answer.json() if answer.content else {}

    async def refused(self, method: str, path: str, status: int = 400, **more) -> tuple[str, str]:
        """The code and message of a refusal."""
        error = (await self.send(method, path, status=status, **more))["error"]
        assert error["innerError"]["request-id"]
        return error["code"], error["message"]


@asynccontextmanager
async def graph_api(folder: Path, applications: tuple[str, ...] = ("Engagedly",)):
    """Serve the tenant of a folder."""
    home = folder.parent / f"{folder.name} daemon"
    write_starter(home)
    configuration = load(home / "config/entrasim.toml", {"ENGAGEDLY_TOKEN": "t"})
    clock, store = VirtualClock(EIGHT), MemoryStore()
    tenant = GraphTenant(folder, applications, clock=clock)
    around = Surroundings(Daemon([], store, clock, _no_cycle), configuration, store, clock, tenant)
    app = guarded(daemon_app(around), None)
    async with AsgiServer(app) as server, httpx.AsyncClient(base_url=f"{server.url}/v1.0/") as c:
        yield GraphApi(folder, server, c)


async def _no_cycle(job, _request, _stopping):
    raise AssertionError(f"{job.id} has no cycles here")
