"""What an operator reads when the state can't be used, and that nothing is lost or sent."""

from __future__ import annotations

import asyncio
import shlex
import sqlite3
import stat
import sys
from contextlib import closing, contextmanager

import pytest
from daemon import Daemon
from people import company, is_create

PAGE = 4096

pytestmark = pytest.mark.timeout(240)


def state_of(site):
    return site.folder / "state" / "entrasim.db"


@contextmanager
def altered(path):
    """The bytes of a file, to be changed."""
    content = bytearray(path.read_bytes())
    yield content
    path.write_bytes(content)


def flip_the_header(path):
    with altered(path) as content:
        content[:16] = b"\xff" * 16


def flip_a_page_in_the_middle(path):
    with altered(path) as content:
        middle = len(content) // 2 // PAGE * PAGE
        content[middle : middle + PAGE] = b"\xff" * PAGE


def cut_in_half(path):
    with altered(path) as content:
        del content[len(content) // 2 :]


def write_a_letter(path):
    path.write_text("Dear operator, this is no database. " * 500)


def make_empty(path):
    path.write_bytes(b"")


def take_away(path):
    path.unlink()


DAMAGE = [
    (flip_the_header, "file is not a database"),
    (flip_a_page_in_the_middle, "entrasim.db is damaged"),
    (cut_in_half, "malformed"),
    (write_a_letter, "file is not a database"),
    (make_empty, "entrasim.db is empty, though there was one"),
    (take_away, "entrasim.db is gone, though there was one"),
]


@pytest.mark.parametrize(("harm", "expected"), DAMAGE, ids=lambda p: getattr(p, "__name__", ""))
async def test_state_that_is_damaged_or_gone_sends_nothing_until_a_backup_is_restored(
    site, harm, expected
):
    await site.sync()
    await site.run("state", "backup", "backup.db")
    harm(state_of(site))
    left = state_of(site).read_bytes() if state_of(site).exists() else None
    sent = len(site.exchanges)

    code, _, err = await site.run("sync")
    backup, _, told = await site.run("state", "backup", "other.db")
    untouched = state_of(site).read_bytes() if state_of(site).exists() else None
    restored, _, complaint = await site.run("state", "restore", "backup.db")
    execution = await site.sync()
    writes = [e for e in site.exchanges[sent:] if e.method != "GET"]

    assert code == 2
    assert expected in err
    assert "entrasim state restore FILE" in err
    assert "Traceback" not in err + told
    assert (backup, (site.folder / "other.db").exists()) == (2, False)
    assert untouched == left
    assert (restored, complaint) == (0, "")
    assert (execution["counts"]["created"], writes) == (0, [])


async def test_state_that_is_gone_is_begun_anew_by_whoever_says_so(site):
    await site.sync()
    state_of(site).unlink()
    refused, _, err = await site.run("sync")

    for lock in state_of(site).parent.glob("entrasim.db.*.lock"):
        assert lock.name in err
        lock.unlink()
    execution = await site.sync()

    assert refused == 2
    assert "everybody is matched again" in err
    assert execution["counts"]["created"] == 0
    assert len(site.engagedly.resources()) == 7


async def run_with_room_for(site, kibibytes, *arguments):
    """Run the program where no file may grow beyond a size; gives exit code and stderr."""
    command = shlex.join([sys.executable, "-m", "entrasim", *arguments])
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", f"ulimit -f {kibibytes}; exec {command}"),
        cwd=site.folder,
        env=site.environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await process.communicate()
    return process.returncode, err.decode()


async def test_full_disk_in_a_cycle_is_told_and_the_next_goes_on(site):
    site.write_users(company(80))

    code, err = await run_with_room_for(site, 200, "sync")
    created = len(site.engagedly.resources())
    await site.sync()
    silent = await site.sync()

    assert code == 2
    assert "the state can't be written: d" in err  # "disk I/O error", "database or disk is full"
    assert "its disk" in err
    assert "Traceback" not in err
    assert created < 80
    assert len(site.engagedly.resources()) == 80
    assert sum(map(is_create, site.exchanges)) == 80
    assert silent["requests"] == {"total": 1, "byMethod": {"GET": 1}}


async def test_full_disk_in_a_backup_leaves_no_half_of_one(site):
    site.write_users(company(60))
    await site.sync()

    code, err = await run_with_room_for(site, 50, "state", "backup", "backup.db")

    assert code == 2
    assert "can't be copied to backup.db: d" in err
    assert [path.name for path in site.folder.iterdir() if "backup" in path.name] == []


async def test_locked_state_sends_nothing(site):
    await site.sync()
    sent = len(site.exchanges)
    address = f"sqlite:///{state_of(site)}?timeout=0"

    with closing(sqlite3.connect(state_of(site))) as holder:
        holder.execute("BEGIN IMMEDIATE")
        code, _, err = await site.run("sync", ENTRASIM_SERVICE__STATE=address)

    assert code == 2
    assert "database is locked; another process keeps it" in err
    assert len(site.exchanges) == sent


async def test_second_daemon_on_one_state_takes_its_turn_and_nobody_is_created_twice(site):
    site.write_users(company(20))
    begun = asyncio.Event()

    def hold(exchange):
        if is_create(exchange) and not begun.is_set():
            site.gate.clear()
            begun.set()

    site.arrived = hold
    first = await Daemon.started(site)
    await begun.wait()
    await site.run("job", "start")  # asks for a cycle, so that the second daemon tries at once
    second = await Daemon.started(site)
    told = await second.line_with("running already")
    site.gate.set()
    await first.line_with("cycle ended")
    codes = [await first.stopped()]
    await site.run("job", "start")
    await second.line_with("cycle ended")
    codes.append(await second.stopped())

    assert codes == [0, 0]
    assert '\\"engagedly\\"' in told
    assert sum("running already" in line for line in second.lines) == 1
    assert sum(map(is_create, site.exchanges)) == 20
    assert len(site.engagedly.resources()) == 20
    assert [e for e in site.exchanges if e.status == 409] == []


async def test_clock_that_was_set_back_a_month_stops_no_cycle_and_harms_nobody(site):
    await site.sync()
    await site.run("tenant", "user", "set", "ada@contoso.com", "jobTitle=CTO")
    with closing(sqlite3.connect(state_of(site))) as database:
        for table, column in (("jobs", "last_started_at"), ("cycles", "began_at")):
            later = f"datetime({column}, '+31 days') || '.000000'"
            database.execute(f"UPDATE {table} SET {column} = {later}")  # noqa: S608 - ours
        database.commit()
    sent = len(site.exchanges)

    daemon = await Daemon.started(site)
    await daemon.line_with("cycle ended")
    code = await daemon.stopped()
    silent = await site.sync()

    assert code == 0
    assert [e.method for e in site.exchanges[sent:] if e.method != "GET"] == ["PATCH"]
    assert {e["status"] for e in site.engagedly.employees()} == {"Active"}
    assert silent["requests"]["total"] == 1


async def test_state_that_others_may_read_is_closed_to_them(site):
    for part in state_of(site).parent.iterdir():
        part.chmod(0o644)

    await site.sync()

    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in state_of(site).parent.iterdir()}
    assert modes.pop("entrasim.db.in-use") == 0o600
    assert set(modes.values()) == {0o600}


async def test_folder_that_is_made_for_the_state_is_its_owners_alone(site):
    address = "sqlite:///somewhere/else/state.db"

    await site.run("job", "list", ENTRASIM_SERVICE__STATE=address)

    assert stat.S_IMODE((site.folder / "somewhere" / "else").stat().st_mode) == 0o700
