"""kill -9 on the real process, at the worst moments."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
from contextlib import suppress

import pytest
from people import company, is_create

KILLS, USERS = 20, 400


def uncommitted_answers(site, external_ids: set[str]) -> set[str]:
    """Who is in the target, but not linked in the state that the dead process left."""
    with sqlite3.connect(site.folder / "state" / "entrasim.db") as database:
        linked = {row[0] for row in database.execute("SELECT source_id FROM connections")}
    return external_ids - linked


@pytest.mark.timeout(240)
async def test_killed_twenty_times_everybody_is_there_once_and_the_next_cycle_is_silent(site):
    users = company(USERS)
    site.write_users(users)
    chance, between, killed_at = random.Random(11), 0, []  # noqa: S311 - likewise

    for kill in range(KILLS):
        process = await site.start("sync")
        created_before = sum(map(is_create, site.exchanges))
        wanted = created_before + chance.randint(2, 8)
        moment = ["answered", "arrived"][kill % 2]

        def strike(_, wanted=wanted, process=process):
            if sum(map(is_create, site.exchanges)) >= wanted and process.returncode is None:
                with suppress(ProcessLookupError):  # struck before, and not noticed here yet
                    os.kill(process.pid, signal.SIGKILL)

        def strike_at_create(exchange, strike=strike):
            if is_create(exchange):
                strike(exchange)

        setattr(site, moment, strike_at_create)
        out, err = await process.communicate()
        site.arrived = site.answered = lambda _: None
        assert process.returncode == -signal.SIGKILL, (out, err)

        there = {resource["externalId"] for resource in site.engagedly.resources()}
        killed_at.append(len(there))
        lost = uncommitted_answers(site, there)
        between += bool(lost)
        for user in users:
            if user["id"] in lost and kill % 3 == 0:
                user["mail"] = f"new-{kill}-{user['mail']}"
        site.write_users(users)

    await site.sync()
    after = len(site.exchanges)
    silent = await site.sync()

    resources = site.engagedly.resources()
    ids = {resource["externalId"]: resource["id"] for resource in resources}
    assert 0 < killed_at[0] < killed_at[-1] < USERS
    assert between >= 5
    assert len(resources) == len(ids) == USERS
    assert {r["userName"] for r in resources} == {user["mail"] for user in users}
    assert managers_of(resources) == {
        ids[user["id"]]: ids[user["manager"]["id"]] for user in users if "manager" in user
    }
    assert [e for e in site.exchanges if e.status == 409] == []
    assert silent["requests"] == {"total": 1, "byMethod": {"GET": 1}}
    assert len(site.exchanges) == after + 1


def managers_of(resources: list[dict]) -> dict[str, str]:
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    found = ((r["id"], r.get(enterprise, {}).get("manager")) for r in resources)
    return {known: manager["value"] for known, manager in found if manager}


async def test_lock_of_a_killed_process_is_free_at_once(site):
    site.write_users(company(50))
    process = await site.start("sync")

    def strike(exchange):
        if is_create(exchange) and process.returncode is None:
            os.kill(process.pid, signal.SIGKILL)

    site.arrived = strike
    await process.communicate()
    site.arrived = lambda _: None
    execution = await site.sync()

    assert execution["state"] == "Succeeded"
    assert len(site.engagedly.resources()) == 50


async def test_second_process_is_told_that_a_cycle_is_running(site):
    site.write_users(company(20))
    process, begun = await site.start("sync"), asyncio.Event()

    def hold(exchange):
        if is_create(exchange) and not begun.is_set():
            site.gate.clear()
            begun.set()

    site.arrived = hold
    await begun.wait()
    code, out, _ = await site.run("sync", "--json")
    site.gate.set()
    await process.communicate()

    assert code == 5
    assert json.loads(out)["error"]["code"] == "JobRunning"
    assert process.returncode == 0
