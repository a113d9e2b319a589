"""A state is backed up and brought back by the real commands, against a real target."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import stat

import pytest
from people import company, is_create


def writes(exchanges):
    return [(e.method, e.path) for e in exchanges if e.method != "GET"]


def rows(path, statement):
    with sqlite3.connect(path) as database:
        found = database.execute(statement).fetchall()
    database.close()
    return found


def statuses(site):
    return {e["email"]: e["status"] for e in site.engagedly.employees()}


async def test_restored_job_creates_nobody_twice_and_harms_nobody(site):
    before = company(8)
    site.write_users(before)
    await site.sync()
    assert (await site.run("state", "backup", "backup.db"))[0] == 0
    dismissed, *others = before
    after = [dismissed | {"accountEnabled": False}, *others, *company(11)[8:]]
    site.write_users(after)
    await site.sync()
    expected, sent = statuses(site), len(site.exchanges)

    code, out, err = await site.run("state", "restore", "backup.db")
    planned = json.loads((await site.run("plan", "--json"))[1])["decisions"]
    execution = await site.sync()
    written = writes(site.exchanges[sent:])
    silent = await site.sync()

    assert (code, err) == (0, "")
    assert "engagedly: Active, the next cycle is an initial one" in out
    assert {decision["action"] for decision in planned} <= {"skip"}
    assert execution["kind"] == "initial"
    assert written == []
    assert statuses(site) == expected
    assert sorted(expected.values()) == ["Active"] * 10 + ["Blocked"]
    assert len(site.engagedly.resources()) == 11
    assert silent["requests"] == {"total": 1, "byMethod": {"GET": 1}}


async def test_who_was_unassigned_and_purged_after_the_backup_leaves_once_and_stays_gone(site):
    await site.sync()
    await site.run("state", "backup", "backup.db")
    await site.run("tenant", "user", "purge", "ada@contoso.com")
    await site.run("tenant", "unassign", "grace@contoso.com")
    await site.sync()
    expected = statuses(site)

    await site.run("state", "restore", "backup.db")
    execution = await site.sync()
    silent = await site.sync()

    assert execution["counts"]["escrowed"] == 0
    assert execution["counts"]["created"] == 0
    assert statuses(site) == expected
    assert silent["requests"] == {"total": 1, "byMethod": {"GET": 1}}


async def test_allowance_for_deletions_does_not_come_back(site):
    threshold = {"ENTRASIM_JOBS__ENGAGEDLY__DELETION_THRESHOLD": "2"}
    await site.sync()
    await site.run("job", "restart", "--reset", "ForceDeletes")
    await site.run("state", "backup", "backup.db")
    await site.sync()
    await site.run("tenant", "unassign", "Engineering")

    await site.run("state", "restore", "backup.db")
    code, _, err = await site.run("sync", **threshold)

    assert code == 3
    assert "--reset ForceDeletes" in err
    assert "Blocked" not in statuses(site).values()


async def test_backup_during_a_cycle_is_of_one_moment_and_brings_everybody_back_once(site):
    users = company(60)
    site.write_users(users)
    half_way = asyncio.Event()

    def hold(exchange):
        if is_create(exchange) and sum(map(is_create, site.exchanges)) == 30:
            site.gate.clear()
            half_way.set()

    site.arrived = hold
    process = await site.start("sync")
    await half_way.wait()
    code, _, err = await site.run("state", "backup", "backup.db")
    refused, _, told = await site.run("state", "restore", "backup.db")
    site.gate.set()
    await process.communicate()
    await site.run("state", "restore", "backup.db")
    await site.sync()
    silent = await site.sync()

    assert (code, err) == (0, "")
    assert refused == 5
    assert "has the state at" in told
    assert process.returncode == 0
    assert sum(map(is_create, site.exchanges)) == 60
    assert len(site.engagedly.resources()) == 60
    assert silent["requests"] == {"total": 1, "byMethod": {"GET": 1}}


async def test_backup_is_its_owners_alone_in_one_file_and_holds_no_token(site):
    await site.sync()
    (site.folder / "config").chmod(0o755)

    code, out, _ = await site.run("state", "backup", "backup.db", "--json")

    backup = site.folder / "backup.db"
    told = json.loads(out)
    assert code == 0
    assert told["jobs"] == ["engagedly"]
    assert told["bytes"] == backup.stat().st_size
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert site.token.encode() not in backup.read_bytes()
    assert rows(backup, "PRAGMA journal_mode") == [("delete",)]
    assert sorted(p.name for p in site.folder.iterdir() if "backup" in p.name) == ["backup.db"]


async def test_file_that_is_there_is_written_over_only_by_force(site):
    await site.sync()
    (site.folder / "mine").write_text("precious")

    refused, out, err = await site.run("state", "backup", "mine", "--json")
    kept = (site.folder / "mine").read_text()
    forced = (await site.run("state", "backup", "mine", "--force"))[0]

    assert (refused, forced, kept) == (2, 0, "precious")
    assert "mine is there already; write over it: --force" in err
    assert json.loads(out)["error"]["code"] == "ConfigurationInvalid"


async def test_state_itself_is_no_backup(site):
    await site.sync()

    backup, _, told = await site.run("state", "backup", "state/entrasim.db", "--force")
    restore, _, again = await site.run("state", "restore", "state/entrasim.db")

    assert (backup, restore) == (2, 2)
    assert "is the state itself" in told
    assert "is the state itself" in again
    assert (await site.run("job", "status"))[0] == 0


async def test_what_was_replaced_lies_beside_the_state_and_can_be_restored(site):
    await site.sync()
    await site.run("state", "backup", "old.db")
    await site.run("tenant", "user", "add", "evelyn@contoso.com", "givenName=Evelyn", "surname=B")
    await site.run("tenant", "assign", "evelyn@contoso.com")
    await site.sync()

    out = (await site.run("state", "restore", "old.db", "--json"))[1]
    replaced = json.loads(out)["replaced"]
    links = rows(replaced, "SELECT count(*) FROM connections")
    code, _, err = await site.run("state", "restore", replaced)

    assert links == [(8,)]
    assert (code, err) == (0, "")
    assert rows(site.folder / "state" / "entrasim.db", "SELECT count(*) FROM connections") == links


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is an empty database"),
        (b"these are no pages of a database, " * 500, "is no backup; name a file of"),
        (None, "there is no such file"),
    ],
)
async def test_file_that_is_no_backup_is_refused_and_the_state_stays(site, content, expected):
    await site.sync()
    if content is not None:
        (site.folder / "strange").write_bytes(content)

    code, _, err = await site.run("state", "restore", "strange")
    silent = await site.sync()

    assert code == 2
    assert expected in err
    assert "Traceback" not in err
    assert silent["requests"]["total"] == 1


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer entrasim (revision 9999)"),
        ("DROP TABLE alembic_version", "another program's database"),
        ("DROP TABLE jobs", "is no whole state"),
    ],
)
async def test_backup_that_cant_be_used_is_refused_and_the_state_stays(site, statement, expected):
    await site.sync()
    await site.run("state", "backup", "backup.db")
    rows(site.folder / "backup.db", statement)

    code, _, err = await site.run("state", "restore", "backup.db")
    silent = await site.sync()

    assert code == 2
    assert expected in err
    assert silent["requests"]["total"] == 1


@pytest.mark.parametrize("part", ["header", "middle", "end"])
async def test_damaged_backup_is_refused_and_the_state_stays(site, part):
    await site.sync()
    await site.run("state", "backup", "backup.db")
    backup = site.folder / "backup.db"
    content = bytearray(backup.read_bytes())
    if part == "end":
        content = content[: len(content) // 2]
    else:
        begin = 18 if part == "header" else len(content) // 8192 * 4096
        content[begin : begin + 4096] = b"\xff" * 4096
    backup.write_bytes(content)

    code, _, err = await site.run("state", "restore", "backup.db")
    silent = await site.sync()

    assert code == 2
    assert "Error: " in err
    assert "Traceback" not in err
    assert silent["requests"]["total"] == 1


async def test_backup_of_a_state_that_is_not_there_makes_none(site):
    shutil.rmtree(site.folder / "state")

    code, _, err = await site.run("state", "backup", "backup.db")

    assert code == 2
    assert "there is no state at" in err
    assert not (site.folder / "state").exists()
    assert not (site.folder / "backup.db").exists()


async def test_postgresql_is_left_to_its_own_tools(site):
    state = {"ENTRASIM_SERVICE__STATE": "postgresql+psycopg://ada:s3cret@127.0.0.1/db"}

    backup, _, told = await site.run("state", "backup", "backup.db", **state)
    restore, _, again = await site.run("state", "restore", "backup.db", **state)

    assert (backup, restore) == (2, 2)
    assert 'pg_dump --format=custom --file=FILE "postgresql://ada:***@127.0.0.1/db"' in told
    assert "pg_restore" in again
    assert "entrasim job restart" in again
    assert "s3cret" not in told + again
