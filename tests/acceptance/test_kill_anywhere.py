"""kill -9 at every commit and every write of a cycle, in a migration, and in a backup."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from people import company

DYING = Path(__file__).with_name("dying.py")
RELEASED = Path(__file__).with_name("released")
KILLED = -signal.SIGKILL


async def run_dying(site, moment, number, *arguments):
    """Run the program with its death appointed; gives the exit code."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, DYING, moment, str(number), *arguments),
        cwd=site.folder,
        env=site.environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await process.communicate()
    assert b"Traceback" not in err, err
    return process.returncode


async def have_everything_happen(site):
    """After a first cycle: two are hired, two move, one is blocked and one deleted for good."""
    users = company(8)
    for user in users:
        user.pop("manager", None)  # nobody refers to those who come and go
    site.write_users(users[:6])
    await site.sync()
    for number, change in enumerate(({"jobTitle": "CTO"}, {"jobTitle": "CFO"})):
        users[number].update(change)
    users[2]["accountEnabled"] = False
    site.write_users(users)
    assert (await site.run("tenant", "user", "purge", "user005@contoso.com"))[0] == 0


def standing(site):
    """Who is in the target, as what, and whether they are active."""
    found = site.engagedly.resources()
    return {r["externalId"]: (r.get("title"), r["active"]) for r in found}


async def see_that_all_is_well(site):
    """Everything happened, and nothing twice."""
    await site.sync()
    silent = await site.sync()

    active = {f"id-{number:03}": (None, True) for number in (3, 4, 6, 7)}
    changed = {"id-000": ("CTO", True), "id-001": ("CFO", True), "id-002": (None, False)}
    assert standing(site) == {**active, **changed}
    assert len(site.engagedly.resources()) == 7
    assert [e for e in site.exchanges if e.status == 409] == []
    assert sum(e.method == "POST" for e in site.exchanges) == 8
    assert silent["requests"] == {"total": 1, "byMethod": {"GET": 1}}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("moment", ["commit", "committed"])
async def test_killed_at_every_commit_nothing_is_lost_and_nothing_done_twice(site, moment):
    await have_everything_happen(site)

    for number in count(1):
        code = await run_dying(site, moment, number, "sync")
        if code != KILLED:
            break

    assert code == 0
    assert number > 3  # beginning, staging, recording and closing commit one by one
    await see_that_all_is_well(site)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("moment", ["arrived", "answered"])
async def test_killed_at_every_write_nothing_is_lost_and_nothing_done_twice(site, moment):
    await have_everything_happen(site)
    methods = []

    for number in count(1):
        process = await site.start("sync")
        before = len(methods)

        def strike(exchange, process=process, wanted=before + number):
            if exchange.method != "GET":
                methods.append(exchange.method)
                if len(methods) == wanted and process.returncode is None:
                    os.kill(process.pid, signal.SIGKILL)

        setattr(site, moment, strike)
        _, err = await process.communicate()
        assert b"Traceback" not in err, err
        if process.returncode != KILLED:
            break

    site.arrived = site.answered = lambda _: None
    assert process.returncode == 0
    assert {"PATCH", "DELETE", "POST"} <= set(methods)
    await see_that_all_is_well(site)


@pytest.mark.timeout(300)
async def test_killed_at_every_statement_of_a_migration_the_state_is_the_old_one_or_the_new(site):
    state = site.folder / "state" / "entrasim.db"
    state.unlink()
    sql = (RELEASED / "0001.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(state)) as database:
        database.executescript(sql)
        before = database.execute("SELECT * FROM connections").fetchall()

    for number in count(1):
        code = await run_dying(site, "statement", number, "job", "list")
        with closing(sqlite3.connect(state)) as database:
            version = database.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            tables = {n for (n,) in database.execute("SELECT name FROM sqlite_schema")}
            kept = database.execute("SELECT * FROM connections").fetchall()
        assert ("memberships" in tables) == (version != "0001")
        assert kept == before
        if code != KILLED:
            break

    assert (code, version != "0001") == (0, True)
    assert number > 5


async def test_killed_in_a_backup_the_file_is_the_former_one_or_whole(site):
    await site.sync()
    await site.run("state", "backup", "backup.db")
    former = (site.folder / "backup.db").read_bytes()

    # The only statements of a backup are those that read the copy, before it is moved.
    code = await run_dying(site, "statement", 1, "state", "backup", "backup.db", "--force")
    left = (site.folder / "backup.db").read_bytes()
    again = (await site.run("state", "backup", "backup.db", "--force"))[0]

    assert code == KILLED
    assert left == former
    assert again == 0


@pytest.mark.timeout(240)
async def test_killed_in_a_restore_the_state_is_the_former_one_or_the_restored(site):
    await site.sync()
    await site.run("state", "backup", "backup.db")

    for number in count(1):
        code = await run_dying(site, "statement", number, "state", "restore", "backup.db")
        if code != KILLED:
            break
        silent = await site.sync()
        assert silent["requests"] == {"total": 1, "byMethod": {"GET": 1}}

    restored = await site.sync()
    assert code == 0
    assert number > 2
    assert restored["kind"] == "initial"
    assert restored["counts"]["created"] == restored["counts"]["updated"] == 0
