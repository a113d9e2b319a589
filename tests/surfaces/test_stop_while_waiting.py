"""A cycle that is asked to stop does not wait for a target that asks to."""

from __future__ import annotations

import asyncio
import json
import signal

import pytest
from faulty_wire import FaultyWire, answer


@pytest.fixture
async def wire(site):
    """A target that is too busy to create anybody, and says when it was asked to."""
    wire = FaultyWire(site.server.port)
    wire.asked = asyncio.Event()

    async def busy(_wire, _request, writer):
        wire.asked.set()
        writer.write(answer(429, b"slowly", "Retry-After: 50"))

    wire.fault = busy
    await wire.start()
    yield wire
    await wire.stop()


async def test_stop_ends_what_waits_and_nothing_is_marked_failed(site, wire):
    settings = {
        "ENTRASIM_JOBS__ENGAGEDLY__TARGET__BASE_URL": f"http://127.0.0.1:{wire.port}/scim/v2",
        "ENTRASIM_JOBS__ENGAGEDLY__FIDELITY": "practical",
    }
    process = await site.start("sync", **settings)
    await wire.asked.wait()

    process.send_signal(signal.SIGTERM)
    _, told = await process.communicate()
    asked = {request.body for request in wire.met}
    _, failures, _ = await site.run("logs", "--json", "--status", "failure")
    wire.fault = None
    code, out, _ = await site.run("sync", "--json", **settings)

    assert "the cycle was asked to stop; the next one goes on" in told.decode()
    assert len(wire.met) == len(asked)  # nobody was asked for twice
    assert failures == ""
    assert code == 0
    assert json.loads(out)["counts"]["created"] == 7
