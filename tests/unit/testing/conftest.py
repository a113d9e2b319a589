"""A stand-in that fails, and the real client that meets it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import timedelta

import pytest

from entrasim.engagedly import Engagedly, EngagedlyServer
from entrasim.testing.faults import Faults
from entrasim.transport import HttpClient

ADA = {
    "userName": "ada@contoso.com",
    "name": {"givenName": "Ada", "familyName": "Lovelace"},
    "emails": [{"type": "work", "value": "ada@contoso.com"}],
}


@dataclass
class Failing:
    """A failing stand-in with a client."""

    faults: Faults
    engagedly: Engagedly
    server: EngagedlyServer
    client: HttpClient
    headers: dict[str, str]

    async def send(self, method, path, body=None):
        content = None if body is None else json.dumps(body).encode()
        return await self.client.send(method, self.server.base_url + path, self.headers, content)

    async def create(self, user=None):
        return await self.send("POST", "/Users", user or ADA)

    async def search(self):
        return await self.send("GET", "/Users")


@dataclass
class Naps:
    """Sleep that ends at once, unless it is told to last; and how long it would have been."""

    lasting: bool = False

    def __post_init__(self):
        self.seconds, self.begun = [], asyncio.Event()

    async def sleep(self, seconds):
        self.seconds.append(seconds)
        self.begun.set()
        if self.lasting:
            await asyncio.Event().wait()


@pytest.fixture
def naps():
    return Naps()


@pytest.fixture
async def failing(tmp_path, naps):
    """Starts a stand-in that fails by rules."""
    started = []

    async def start(*rules, seed=0, seconds=10.0):
        engagedly = Engagedly(tmp_path / f"{len(started)}.db")
        faults = Faults(rules, seed=seed, sleep=naps.sleep)
        server = EngagedlyServer(engagedly, wrap=faults.around)
        await server.start()
        token = engagedly.add_connection("test", base_url=server.base_url).token
        client = HttpClient.connect(timeout=timedelta(seconds=seconds), concurrency=4)
        started.append((engagedly, server, client))
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
        return Failing(faults, engagedly, server, client, headers)

    yield start
    for engagedly, server, client in started:
        await client.close()
        await server.stop()
        engagedly.close()
