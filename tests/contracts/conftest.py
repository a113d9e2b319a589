"""The stores that keep the contract, and one PostgreSQL server for those that want one."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from store_nouns import CLOCK

from entrasim.state import SqlStore
from entrasim.testing.memory_store import MemoryStore

_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@pytest.fixture(scope="session")
def postgresql_server():
    """The address of a server that lives as long as the tests."""
    if not _PROGRAMS:
        required = os.environ.get("ENTRASIM_REQUIRE_POSTGRESQL") == "1"
        (pytest.fail if required else pytest.skip)("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="entrasim-postgresql-"))
    owner = _unprivileged() if os.geteuid() == 0 else None  # initdb refuses root
    if owner:
        shutil.chown(folder, owner)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(name, *arguments):
        command = (_PROGRAMS[-1].with_name(name), "--pgdata", folder / "data", *arguments)
        subprocess.run(command, check=True, user=owner, cwd=folder, stdout=subprocess.DEVNULL)

    run("initdb", "--username=entrasim", "--auth=trust", "--encoding=UTF8", "--no-locale")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    try:
        run("pg_ctl", "--wait", f"--options={options}", f"--log={folder}/log", "start")
        yield f"postgresql+psycopg://entrasim@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "--mode=immediate", "stop")
        shutil.rmtree(folder)


def _unprivileged():
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


@pytest.fixture
def postgresql_url(postgresql_server):
    """The address of a new database."""
    name = f"test_{uuid4().hex}"
    plain = postgresql_server.replace("+psycopg", "")
    with psycopg.connect(f"{plain}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{postgresql_server}/{name}"


@pytest.fixture
def sqlite_url(tmp_path):
    """The address of a database that isn't there yet."""
    return f"sqlite:///{tmp_path}/state/entrasim.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    """A new database of either kind."""
    return request.getfixturevalue(f"{request.param}_url")


def _sql(name):
    def opened(request):
        return SqlStore.open(request.getfixturevalue(f"{name}_url"), clock=CLOCK)

    return opened


STORES = {
    "memory": lambda _request: MemoryStore(),
    "sqlite": _sql("sqlite"),
    "postgresql": _sql("postgresql"),
}


@pytest.fixture(params=STORES)
async def store(request):
    """An empty store of each kind."""
    opened = STORES[request.param](request)
    yield opened
    await opened.close()
