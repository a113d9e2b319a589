"""The real daemon, told what to do by the real command line."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
from daemon import Daemon
from people import company, is_create


async def test_daemon_runs_what_is_due_and_tells_its_health(site):
    daemon = await Daemon.started(site)
    await daemon.line_with("cycle ended")
    async with httpx.AsyncClient() as client:
        health = (await client.get(daemon.url)).json()
    code = await daemon.stopped()

    assert code == 0
    assert health["status"] == "ok"
    assert health["jobs"][0]["lastExecution"]["counts"]["created"] == 7
    assert len(site.engagedly.employees()) == 7
    assert not [line for line in daemon.lines if site.token in line]


async def test_daemon_with_a_token_answers_only_to_its_bearer(site):
    secret = {"ENTRASIM_SERVICE__API_TOKEN": "env:API", "API": "s3cret"}
    daemon = await Daemon.started(site, **secret)
    async with httpx.AsyncClient() as client:
        refused = await client.get(daemon.url)
        wrong = await client.get(daemon.url, headers={"Authorization": "Bearer other"})
        answered = await client.get(daemon.url, headers={"Authorization": "Bearer s3cret"})
    await daemon.stopped()

    assert (refused.status_code, wrong.status_code, answered.status_code) == (401, 401, 200)
    assert not [line for line in daemon.lines if "s3cret" in line]


async def test_pause_during_a_cycle_restart_of_the_process_and_resume_lose_nothing(site):
    site.write_users(company(120))
    paused = asyncio.Event()

    def notice(exchange):
        if is_create(exchange):
            paused.set()

    site.arrived = notice
    first = await Daemon.started(site)
    await paused.wait()
    code, _, err = await site.run("job", "pause")
    await first.line_with("cycle ended")
    assert await first.stopped() == 0
    created = len(site.engagedly.resources())
    users = company(121)
    site.write_users(users)

    second = await Daemon.started(site)
    status = json.loads((await site.run("job", "status", "--json"))[1])
    before = len(site.exchanges)
    refused, _, told = await site.run("sync")
    await site.run("job", "start")
    await second.line_with("cycle ended")
    await second.stopped()

    assert (code, created) == (0, 120), err
    assert (status["schedule"], status["nextDueAt"]) == ("Paused", None)
    assert refused == 3
    assert "entrasim job start" in told
    assert len(site.exchanges) > before
    assert {r["externalId"] for r in site.engagedly.resources()} == {u["id"] for u in users}
    assert sum(map(is_create, site.exchanges)) == 121


async def test_sigterm_ends_a_cycle_after_what_is_in_flight_and_the_next_goes_on(site):
    site.write_users(company(150))
    begun = asyncio.Event()

    def notice(exchange):
        if is_create(exchange):
            begun.set()

    site.arrived = notice
    daemon = await Daemon.started(site)
    await begun.wait()
    code = await daemon.stopped()
    created = len(site.engagedly.resources())
    execution = await site.sync()

    assert code == 0
    assert 0 < created < 150
    assert execution["counts"]["created"] == 150 - created
    assert [e for e in site.exchanges if e.status == 409] == []


async def test_changed_interval_is_obeyed_after_a_restart(site):
    await site.sync()

    code, out, _ = await site.run(
        "job", "status", "--json", ENTRASIM_JOBS__ENGAGEDLY__INTERVAL="2h"
    )

    assert code == 0
    assert json.loads(out)["interval"] == "PT120M"


@pytest.mark.parametrize("taken", [True, False])
async def test_port_that_was_asked_for_and_is_taken_is_a_mistake(site, taken):
    port = str(site.server.port) if taken else "0"

    if taken:
        code, _, err = await site.run("serve", ENTRASIM_SERVICE__PORT=port)
        assert (code, f"port {port}" in err) == (2, True)
    else:
        daemon = await Daemon.started(site)
        assert await daemon.stopped() == 0
