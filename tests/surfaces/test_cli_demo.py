"""The demo: a story for newcomers that needs nothing and leaves nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import httpx


async def started(folder, *arguments):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "entrasim",
        "demo",
        *arguments,
        cwd=folder,
        env={**kept, "TMPDIR": str(folder), "ENTRASIM_JOBS__ENGAGEDLY__INTERVAL": "nonsense"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def line_with(process, text):
    while True:
        line = (await process.stdout.readline()).decode()
        assert line
        if text in line:
            return line


async def test_demo_tells_its_story_and_leaves_nothing_behind(tmp_path):
    process = await started(tmp_path, "--exit", "--port", "0")

    out, err = (part.decode() for part in await process.communicate())

    assert (process.returncode, err.replace(port_notes(err), "")) == (0, "")
    assert "\x1b[" not in out
    told = [
        "08:00  The initial cycle",
        "+ create    ada@contoso.com",
        "· skip      hedy@contoso.com             Not assigned to the application",
        "Initial cycle: 7 created, 6 updated, 3 skipped · 27 requests",
        "08:40  A joiner",
        "POST /Users",
        "09:20  A mover",
        '"Account Manager" → "Solutions Engineer"',
        "{id of mary@contoso.com} → {id of ada@contoso.com}",
        "10:00  A group",
        "+ create    hedy@contoso.com",
        "10:40  A leaver",
        '{"op": "Replace", "path": "active", "value": "False"}',
        "11:20  Nothing",
        "Incremental cycle: nothing changed · 1 request (1 GET)",
        "Blocked",
        "Where to go from here",
        "entrasim init",
    ]
    places = [out.find(text) for text in told]
    assert -1 not in places, told[places.index(-1)]
    assert places == sorted(places)
    assert list(tmp_path.iterdir()) == []


async def test_demo_stays_up_for_a_look_around_until_ctrl_c(tmp_path):
    process = await started(tmp_path, "--port", "0")
    page = (await line_with(process, "settings page")).split()[0]
    health = (await line_with(process, "/health")).split()[0]

    async with httpx.AsyncClient() as client:
        shown, stands = (await client.get(page)).text, (await client.get(health)).json()
    process.send_signal(signal.SIGINT)
    await process.communicate()

    assert "Hedy" in shown
    assert (stands["status"], stands["jobs"][0]["state"]) == ("ok", "Active")
    assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []


async def test_demo_that_is_terminated_in_the_middle_leaves_nothing_behind(tmp_path):
    process = await started(tmp_path, "--port", "0")
    await line_with(process, "The initial cycle")

    process.send_signal(signal.SIGTERM)
    _, err = await process.communicate()

    assert process.returncode in {0, 130}
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def port_notes(err):
    """What is said when the daemon's usual port is taken on this machine."""
    return "".join(line for line in err.splitlines(keepends=True) if "is taken; port" in line)
