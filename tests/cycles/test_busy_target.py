"""A target that asks to wait: the others go on meanwhile, and nobody fails."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from entrasim.engagedly import Engagedly, EngagedlyServer
from entrasim.engine.cycle import run_cycle
from entrasim.model.dialect import ENTRA
from entrasim.ports import Ports
from entrasim.scim import ScimTarget, TenantUrl
from entrasim.transport import HttpClient, Patience


class BusyOnce:
    """Tells the first who creates somebody to wait; knows when two others are there."""

    def __init__(self):
        self.posts, self.others_are_there = [], asyncio.Event()

    def __call__(self, app):
        async def wrapped(scope, receive, send):
            if scope["method"] != "POST":
                await app(scope, receive, send)
                return
            self.posts.append(scope["path"])
            if len(self.posts) == 1:
                headers = [(b"retry-after", b"50")]
                await send({"type": "http.response.start", "status": 429, "headers": headers})
                await send({"type": "http.response.body", "body": b""})
                return
            await app(scope, receive, send)
            if len(self.posts) == 3:
                self.others_are_there.set()

        return wrapped


@pytest.fixture
async def target(story, tmp_path):
    """One request at a time; waiting for it takes as long as the others need."""
    busy, stand_in = BusyOnce(), Engagedly(tmp_path / "engagedly.db")

    async def sleep(_seconds):
        await busy.others_are_there.wait()

    async with EngagedlyServer(stand_in, wrap=busy) as server:
        connection = stand_in.add_connection("Entra", base_url=server.base_url)
        target = ScimTarget(
            tenant_url=TenantUrl.parse(connection.base_url),
            token=connection.token,
            schema=story.job.schema,
            dialect=ENTRA,
            client=HttpClient.connect(timeout=timedelta(seconds=10), concurrency=1),
            patience=Patience(honour_retry_after=True, sleep=sleep),
        )
        target.posts = busy.posts
        yield target
        await target.close()
    stand_in.close()


async def test_who_waits_holds_nobody_up(story, target):
    story.configure(concurrency=1)
    for name in ("ada", "grace", "mary"):
        story.employ(name)

    ports = Ports(story.directory, target, story.store, story.clock)
    execution = await run_cycle(story.job, ports)

    assert (execution.state, execution.counts.created) == ("Succeeded", 3)
    assert len(target.posts) == 4
