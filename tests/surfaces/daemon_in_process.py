"""The daemon with its API on a real socket and a virtual clock, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from entrasim import bootstrap
from entrasim.api.access import guarded
from entrasim.api.application import daemon_app
from entrasim.api.surroundings import Surroundings
from entrasim.cli.daemon_world import daemon_world
from entrasim.config import Configuration, load, write_starter
from entrasim.engagedly import Engagedly, EngagedlyServer
from entrasim.ports import Clock
from entrasim.scheduler.clocks import VirtualClock
from entrasim.serving import AsgiServer

EIGHT = datetime(2026, 1, 5, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Running:
    """A daemon, what it stands on, and a client of its API."""

    around: Surroundings
    engagedly: Engagedly
    client: httpx.AsyncClient
    folder: Path

    async def ask(self, method: str, path: str, json: object = None) -> httpx.Response:
        return await self.client.request(method, path, json=json)


@asynccontextmanager
async def running(folder: Path, clock: Clock | None = None) -> AsyncIterator[Running]:
    """The starter's tenant and job, provisioned to a stand-in once, by a daemon that runs on."""
    clock = clock or VirtualClock(EIGHT)
    write_starter(folder)
    async with AsyncExitStack() as stack:
        engagedly = Engagedly(folder / "engagedly.db", now=clock.now)
        stack.callback(engagedly.close)
        target = await stack.enter_async_context(EngagedlyServer(engagedly))
        configuration = _configuration(folder, target, engagedly)
        store = bootstrap.open_store(configuration, clock)
        stack.push_async_callback(store.close)
        world = await stack.enter_async_context(daemon_world(configuration, store, clock))
        app = guarded(daemon_app(world.around), None)
        server = await stack.enter_async_context(AsgiServer(app))
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=server.url, timeout=30))
        task = asyncio.create_task(world.daemon.run())
        await world.daemon.run_due(clock.now())
        await world.daemon.wait_idle()
        yield Running(world.around, engagedly, client, folder)
        world.daemon.request_stop()
        await task


def _configuration(folder: Path, target: EngagedlyServer, engagedly: Engagedly) -> Configuration:
    environment = {
        "ENGAGEDLY_TOKEN": engagedly.add_connection("test", base_url=target.base_url).token,
        "ENTRASIM_JOBS__ENGAGEDLY__TARGET__BASE_URL": target.base_url,
        "ENTRASIM_SERVICE__STATE": f"sqlite:///{folder / 'entrasim.db'}",
    }
    return load(folder / "config" / "entrasim.toml", environment)
