"""Opening the state database, and refusing what can't be used."""

from __future__ import annotations

import sqlite3
import stat
import sys

import pytest
from recorded import ADA, CLOCK, CYCLE, outcome

from entrasim.errors import ConfigurationError, StateError
from entrasim.model.log import LogQuery
from entrasim.state import SqlStore


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "entrasim.db"


async def made(path):
    await SqlStore.open(f"sqlite:///{path}", clock=CLOCK).close()


def execute(path, *statements):
    with sqlite3.connect(path) as connection:
        found = [connection.execute(statement).fetchall() for statement in statements]
    connection.close()
    return found


def opening(url):
    return SqlStore.open(url, clock=CLOCK)


async def test_relative_path_is_taken_from_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    await opening("sqlite:///state/entrasim.db").close()

    assert (tmp_path / "state" / "entrasim.db").is_file()


async def test_files_of_the_state_are_for_their_owner_alone(path):
    store = opening(f"sqlite:///{path}")
    await store.record(CYCLE, outcome())
    await store.flush()

    async with store.lock("engagedly"):
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    await store.close()

    assert {"entrasim.db", "entrasim.db-wal", "entrasim.db.engagedly.lock"} <= set(modes)
    assert set(modes.values()) == {0o600}


async def test_database_writes_ahead(path):
    await made(path)

    assert execute(path, "PRAGMA journal_mode") == [[("wal",)]]


async def test_strange_job_id_makes_no_strange_lock_file(path):
    store = opening(f"sqlite:///{path}")

    async with store.lock("../../escape"):
        names = {file.name for file in path.parent.iterdir()}
    await store.close()

    assert "entrasim.db...%2F..%2Fescape.lock" in names


async def test_database_of_an_older_version_is_migrated(path):
    await made(path)
    tables = execute(path, "SELECT name FROM sqlite_schema WHERE type='table'")[0]
    old = [name for (name,) in tables if name != "alembic_version"]
    execute(path, *(f"DROP TABLE {name}" for name in old), "DELETE FROM alembic_version")

    store = opening(f"sqlite:///{path}")
    await store.record(CYCLE, outcome())
    await store.flush()
    records = await store.records(LogQuery(subject=ADA.display_name))
    await store.close()

    assert len(records) == 1


async def test_database_of_a_newer_version_is_refused_and_left_alone(path):
    await made(path)
    execute(path, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(StateError, match=r"newer entrasim \(revision 9999\)"):
        opening(f"sqlite:///{path}")

    assert execute(path, "SELECT version_num FROM alembic_version") == [[("9999",)]]


async def test_database_of_another_program_is_refused_and_left_alone(path):
    path.parent.mkdir()
    execute(path, "CREATE TABLE bills (id INTEGER)")

    with pytest.raises(StateError, match="another program's database"):
        opening(f"sqlite:///{path}")

    tables = execute(path, "SELECT name FROM sqlite_schema WHERE type='table'")
    assert tables == [[("bills",)]]


async def test_file_that_is_no_database_is_refused_and_left_alone(path):
    path.parent.mkdir()
    path.write_text("not a database, " * 1000)

    with pytest.raises(StateError, match="file is not a database"):
        opening(f"sqlite:///{path}")

    assert path.read_text().startswith("not a database")


async def test_damaged_database_says_so_when_it_is_read(path):
    store = opening(f"sqlite:///{path}")
    for _ in range(200):
        await store.record(CYCLE, outcome())
    await store.close()
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    path.write_bytes(content)

    with pytest.raises(StateError, match="malformed"):
        await _read_all(path)


async def _read_all(path):
    store = opening(f"sqlite:///{path}")
    try:
        await store.records(LogQuery())
    finally:
        await store.close()


async def test_folder_in_place_of_the_file_is_refused(path):
    path.mkdir(parents=True)

    with pytest.raises(StateError, match="directory"):
        opening(f"sqlite:///{path}")


async def test_locked_database_is_refused(path):
    path.parent.mkdir()
    holder = sqlite3.connect(path)
    holder.execute("BEGIN EXCLUSIVE")

    with pytest.raises(StateError, match="locked"):
        opening(f"sqlite:///{path}?timeout=0")

    holder.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "state/entrasim.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite://state/entrasim.db",
        "sqlite:///entrasim.db?colour=red",
        "mysql://ada@host/db",
        "postgresql://ada@host/db",
        "postgresql+psycopg://ada:s3cret@x:host/db",
    ],
)
def test_what_is_no_usable_address_is_a_configuration_error(url):
    with pytest.raises(ConfigurationError, match=r"service\.state.*sqlite:///PATH") as raised:
        opening(url)

    assert "s3cret" not in str(raised.value)


def test_waiting_time_that_is_no_number_is_a_configuration_error(path):
    with pytest.raises(ConfigurationError, match="number of seconds"):
        opening(f"sqlite:///{path}?timeout=long")


def test_missing_driver_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(ConfigurationError, match=r'pip install "entrasim\[postgresql\]"'):
        opening("postgresql+psycopg://ada@127.0.0.1/db")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://ada:s3cret@127.0.0.1:1/db",
        "postgresql+psycopg://ada@127.0.0.1:1/db?password=s3cret",
        "postgresql+psycopg://ada@127.0.0.1:1/db?s3cret=s3cret&password=s3cret",
    ],
)
def test_server_that_does_not_answer_is_named_without_its_password(url):
    with pytest.raises(StateError, match=r"ada.*@127\.0\.0\.1:1/db") as raised:
        opening(url)

    assert "s3cret" not in str(raised.value)
