"""What a person does to a command that runs, and what stands in its way."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys

import pytest

from entrasim.scheduler.clocks import SystemClock
from entrasim.state import SqlStore

HELD = 40


def company(size=HELD):
    return [
        {
            "id": f"id-{number:03}",
            "userPrincipalName": f"user{number:03}@contoso.com",
            "mail": f"user{number:03}@contoso.com",
            "givenName": "User",
            "surname": f"{number:03}",
        }
        for number in range(size)
    ]


async def test_cycle_of_another_process_gives_five_and_stops_nobody_from_planning(site):
    state = f"sqlite:///{site.folder}/state/entrasim.db"
    (site.folder / "state").mkdir(exist_ok=True)
    store = SqlStore.open(state, clock=SystemClock())

    async with store.lock("engagedly"):
        synced, out, err = await site.run("sync", "--json")
        on_demand = (await site.run("provision-on-demand", "ada@contoso.com"))[0]
        planned = (await site.run("plan", "--json"))[0]
    await store.close()

    assert (synced, on_demand, planned) == (5, 5, 0)
    assert json.loads(out)["error"]["code"] == "JobRunning"
    assert "Traceback" not in err
    assert [e for e in site.exchanges if e.method != "GET"] == []


async def test_ctrl_c_ends_a_cycle_after_what_is_in_flight_and_the_next_goes_on(site):
    site.write_users(company())
    begun = asyncio.Event()

    def notice(exchange):
        if exchange.method == "POST":
            begun.set()

    site.arrived = notice
    process = await site.start("sync", "--json", ENTRASIM_JOBS__ENGAGEDLY__TARGET__CONCURRENCY="1")
    await begun.wait()
    process.send_signal(signal.SIGINT)
    out, err = (part.decode() for part in await process.communicate())
    created = len(site.engagedly.resources())
    execution = await site.sync()

    assert process.returncode == 130
    assert json.loads(out)["error"]["code"] == "Interrupted"
    assert "Ending after the objects in flight" in err
    assert "Traceback" not in err
    assert 0 < created < HELD
    assert execution["counts"]["created"] == HELD - created
    assert [e for e in site.exchanges if e.status == 409] == []


async def test_status_tells_a_cycle_that_runs_from_one_that_was_killed(site):
    begun = asyncio.Event()
    site.arrived = lambda _: begun.set()
    site.gate.clear()
    process = await site.start("sync")
    await begun.wait()

    running, during = [(await site.run("job", "status", *words))[1] for words in ([], ["--json"])]
    process.kill()
    await process.wait()
    killed, after = [(await site.run("job", "status", *words))[1] for words in ([], ["--json"])]

    assert "every 40 min, a cycle is running" in running
    assert (json.loads(during)["running"], json.loads(during)["interrupted"]) == (True, False)
    assert "a cycle is running" not in killed
    assert "a cycle was killed; the next goes on where it ended" in killed
    assert (json.loads(after)["running"], json.loads(after)["interrupted"]) == (False, True)


async def test_long_lists_are_cut_for_people_but_failures_are_always_told(site):
    users = company()
    users[-1]["mail"] = None
    site.write_users(users)

    code, out, _ = await site.run("sync")
    status = (await site.run("job", "status"))[1]

    assert code == 1
    assert out.count("+ create") == 20
    assert "… and 19 more: entrasim logs" in out
    assert "✗ failed    user039@contoso.com  MissingValues" in out
    assert "Failed      user039@contoso.com" in status


async def test_followed_log_goes_on_until_ctrl_c(site):
    following = await site.start("logs", "--follow", "--json", "--status", "success")

    await site.sync()
    first = json.loads(await following.stdout.readline())
    following.send_signal(signal.SIGINT)
    _, err = await following.communicate()

    assert first["provisioningAction"] == "create"
    assert following.returncode == 130
    assert b"Traceback" not in err


async def test_reader_who_goes_away_is_no_error(site):
    await site.sync()

    reader, writer = os.pipe()
    os.close(reader)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "entrasim", "logs", "--json"),
        cwd=site.folder,
        env=site.environment,
        stdout=writer,
        stderr=asyncio.subprocess.PIPE,
    )
    os.close(writer)
    _, err = await process.communicate()

    assert (process.returncode, err) == (0, b"")


async def test_names_from_outside_cannot_steer_the_terminal(site):
    users = company(1)
    users[0]["userPrincipalName"] = "\x1b[2J\x1b[31mred\nline@contoso.com"
    site.write_users(users)

    outputs = [await site.run(*c) for c in (("plan", "--explain"), ("sync",), ("tenant", "show"))]

    assert [code for code, _, _ in outputs] == [0, 0, 0]
    assert not [out for _, out, err in outputs if "\x1b" in out + err]


@pytest.mark.parametrize("command", [("demo", "--exit"), ("engagedly", "serve")])
async def test_port_that_was_asked_for_and_is_taken_is_a_mistake_of_the_command(site, command):
    code, out, err = await site.run(*command, "--port", str(site.server.port))

    assert (code, out) == (2, "")
    assert f"port {site.server.port}" in err
    assert "Traceback" not in err


async def test_port_in_the_configuration_was_asked_for_even_if_it_is_the_usual_one(site):
    with socket.socket() as holder:
        try:
            holder.bind(("127.0.0.1", 8420))
        except OSError:
            pytest.skip("somebody else has the usual port")
        holder.listen()
        code, _, err = await site.run("serve", ENTRASIM_SERVICE__PORT="8420")

    assert code == 2
    assert "port 8420" in err
