"""The stand-in on its own port and database, beside commands of other processes."""

from __future__ import annotations

import asyncio
import json
import signal
import sys

import httpx
import pytest


async def run(folder, *arguments):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "entrasim",
        "engagedly",
        *arguments,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@pytest.fixture
async def served(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "entrasim",
        "engagedly",
        "serve",
        "--port",
        "0",
        cwd=tmp_path,
        stderr=asyncio.subprocess.PIPE,
    )
    line = (await process.stderr.readline()).decode()
    yield line.split("http://")[1].split()[0]
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert process.returncode == 0


async def test_connection_is_added_used_and_deleted_while_the_server_runs(served, tmp_path):
    port = served.rpartition(":")[2]
    _, out, _ = await run(tmp_path, "connection", "add", "entra", "--port", port, "--json")
    made = json.loads(out)
    headers = {"Authorization": f"Bearer {made['token']}"}
    async with httpx.AsyncClient() as client:
        accepted = await client.get(f"{made['baseUrl']}/Users", headers=headers)
        _, listed, _ = await run(tmp_path, "connection", "list")
        await run(tmp_path, "connection", "delete", "entra")
        refused = await client.get(f"{made['baseUrl']}/Users", headers=headers)
        page = await client.get(f"http://{served}/")

    assert set(made) == {"name", "baseUrl", "token"}
    assert (accepted.status_code, refused.status_code) == (200, 401)
    assert "entra" in listed
    assert made["token"] not in listed
    assert "Engagedly stand-in" in page.text


async def test_mistakes_about_connections_are_told(tmp_path):
    await run(tmp_path, "connection", "add", "entra")

    twice = await run(tmp_path, "connection", "add", "entra")
    unknown = await run(tmp_path, "connection", "delete", "other")

    assert (twice[0], unknown[0]) == (2, 2)
    assert "delete it first" in twice[2]
    assert "known: entra" in unknown[2]


async def test_port_that_was_asked_for_and_is_taken_gives_two(served, tmp_path):
    port = served.rpartition(":")[2]

    code, _, err = await run(tmp_path, "serve", "--port", port, "--database", "other.db")

    assert code == 2
    assert f"port {port}" in err


async def test_groups_are_listed_with_their_members(served, tmp_path):
    port = served.rpartition(":")[2]
    _, empty, _ = await run(tmp_path, "groups")
    _, out, _ = await run(tmp_path, "connection", "add", "entra", "--port", port, "--json")
    made = json.loads(out)
    headers = {"Authorization": f"Bearer {made['token']}"}
    ada = {
        "userName": "ada@contoso.com",
        "displayName": "Ada Lovelace",
        "name": {"givenName": "Ada", "familyName": "Lovelace"},
        "emails": [{"type": "work", "value": "ada@contoso.com"}],
    }
    async with httpx.AsyncClient(base_url=made["baseUrl"], headers=headers) as client:
        known = (await client.post("/Users", json=ada)).json()["id"]
        sales = {"displayName": "Sales", "externalId": "7", "members": [{"value": known}]}
        group = (await client.post("/Groups", json=sales)).json()["id"]

    _, shown, _ = await run(tmp_path, "groups")
    _, out, _ = await run(tmp_path, "groups", "--json")

    assert empty == "No group yet.\n"
    assert "Sales" in shown
    assert "Ada Lovelace" in shown
    assert json.loads(out) == {
        "id": group,
        "displayName": "Sales",
        "externalId": "7",
        "memberCount": 1,
        "members": [{"id": known, "type": "User", "displayName": "Ada Lovelace"}],
    }


async def test_groups_of_a_file_that_is_not_there_are_a_mistake(tmp_path):
    code, _, err = await run(tmp_path, "groups", "--database", "nothing.db")

    assert code == 2
    assert "nothing.db" in err
