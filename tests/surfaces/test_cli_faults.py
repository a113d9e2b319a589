"""The stand-in that fails as a file says, as a process of its own."""

from __future__ import annotations

import asyncio
import signal
import sys

import httpx
import pytest

FAULTS = """
[[rules]]
fault = "status"
status = 429
retry_after = "7s"
path = "/Groups"
times = 1

[[rules]]
name = "gone astray"
fault = "lost_answer"
path = "/Schemas"

[[rules]]
fault = "delay"
time = "1h"
path = "/Users"
"""


async def start(folder, *arguments):
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "entrasim", "engagedly", "serve", "--port", "0", *arguments),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.fixture
async def served(tmp_path):
    """The process and the URL it is served on."""
    (tmp_path / "faults.toml").write_text(FAULTS)
    process = await start(tmp_path, "--faults", "faults.toml")
    line = (await process.stderr.readline()).decode()
    await process.stderr.readline()  # that there is no connection yet
    yield process, f"http://{line.split('http://')[1].split()[0]}/scim/v2"
    if process.returncode is None:
        process.kill()
    await process.communicate()


async def test_faults_of_the_file_happen_and_are_told(served):
    process, url = served
    async with httpx.AsyncClient() as client:
        refused = await client.get(f"{url}/Groups?code=k3y")
        passed = await client.get(f"{url}/Groups")
        with pytest.raises(httpx.ReadError):
            await client.get(f"{url}/Schemas")

    told = [(await process.stderr.readline()).decode() for _ in range(2)]
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
    assert passed.status_code == 401
    assert told == [
        "Fault: status 429: GET /scim/v2/Groups\n",
        "Fault: gone astray: GET /scim/v2/Schemas\n",
    ]


async def test_request_that_waits_does_not_keep_the_stand_in_from_ending(served):
    process, url = served
    async with httpx.AsyncClient(timeout=60) as client:
        waiting = asyncio.create_task(client.get(f"{url}/Users"))
        told = await process.stderr.readline()

        process.send_signal(signal.SIGTERM)
        _, err = await process.communicate()

        with pytest.raises(httpx.RemoteProtocolError):
            await waiting
    assert told == b"Fault: delay: GET /scim/v2/Users\n"
    assert (process.returncode, err) == (0, b"")


async def test_mistakes_of_the_file_give_two_before_anything_is_served(tmp_path):
    (tmp_path / "faults.toml").write_text("[[rules]]\nfault = 'rest'\n[[rules]]\ntime = '1s'\n")
    process = await start(tmp_path, "--faults", "faults.toml")

    out, err = await process.communicate()

    assert process.returncode == 2
    assert out == b""
    first, second = err.decode().splitlines()
    reset = 'faults.toml: rules.0.fault: there is no fault "rest"; did you mean reset?'
    assert first == f"Error: {reset}"
    assert second.startswith("Error: faults.toml: rules.1.fault: is missing; one of delay, ")
    assert not (tmp_path / "state").exists()


async def test_file_that_is_not_there_gives_two(tmp_path):
    process = await start(tmp_path, "--faults", "nothing.toml", "--json")

    out, err = await process.communicate()

    assert process.returncode == 2
    assert b"nothing.toml: there is no such file" in out
    assert b"serve --help" in err
