"""Open the state database: read its address, connect, bring it to the newest migration."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from entrasim.errors import ConfigurationError, StateError
from entrasim.state.migrating import bring_up_to_date

_EXPECTED = "expected sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME"
_WAIT = "10"  # seconds that SQLite waits for another process's commit


@dataclass(frozen=True, slots=True)
class Database:
    """A state database: the same one for reading and for writing.

    What reads sees one moment, however many statements it takes; what writes keeps other
    writers out from its first statement on.
    """

    reading: Engine
    writing: Engine

    @property
    def file(self) -> Path | None:
        """The file that holds it, if it is SQLite's."""
        url = self.reading.url
        return Path(url.database or "") if url.get_backend_name() == "sqlite" else None

    def close(self) -> None:
        """Let go of all connections."""
        self.reading.dispose()


def open_database(address: str) -> Database:
    """Connect to a database and bring it to the newest migration.

    A SQLite file is made if it isn't there, readable by its owner alone. One that is
    damaged, or was written by a newer version, is left as it is.

    Raises:
        ConfigurationError: the URL names no database that can be used.
        StateError: there is a database, but it can't be used.
    """
    url = _parse(address)
    database = _connect_sqlite(url) if url.drivername == "sqlite" else _connect_postgresql(url)
    try:
        if database.file is not None:
            _prepare_file(database.file, float(str(url.query["timeout"])))
        bring_up_to_date(database.writing)
    except StateError as error:
        database.close()
        raise StateError(f"the state at {_shown(url)} {error}") from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        database.close()
        reason = _without_password(str(getattr(error, "orig", error)), url)
        raise StateError(f"the state at {_shown(url)} can't be used: {reason}") from None
    return database


def _parse(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        # What was raised may quote the address, and with it a password.
        raise ConfigurationError(f"service.state is no database address; {_EXPECTED}") from None
    if url.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise ConfigurationError(f"service.state: {url.drivername} can't be used; {_EXPECTED}")
    return _complete(url) if url.drivername == "sqlite" else url


def _complete(url: URL) -> URL:
    """A file's address with its whole path, and how long to wait for other processes."""
    if url.database in {None, "", ":memory:"} or url.host or set(url.query) - {"timeout"}:
        raise ConfigurationError("service.state needs a file; expected sqlite:///PATH")
    wait = str(url.query.get("timeout", _WAIT))
    if not wait.isdecimal():
        raise ConfigurationError("service.state: timeout is a number of seconds")
    path = Path(url.database or "").absolute()
    return url.set(database=str(path), query={"timeout": wait})


def _connect_sqlite(url: URL) -> Database:
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine, engine.execution_options(writes=True))


def _connect_postgresql(url: URL) -> Database:
    try:
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    except ImportError:
        raise ConfigurationError(
            'the driver for PostgreSQL is missing: pip install "entrasim[postgresql]"'
        ) from None
    return Database(engine.execution_options(isolation_level="REPEATABLE READ"), engine)


def _configure_sqlite(connection: sqlite3.Connection, record: object) -> None:
    del record
    connection.isolation_level = None  # the driver begins no transaction of its own accord
    for pragma in (
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-32000",  # kibibytes: the indexes of a large log stay in memory
        "wal_autocheckpoint=8000",  # pages: a group's commit seldom has to move them all
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_file(path: Path, wait: float) -> None:
    """Make the file, if need be, and have it write ahead (which it then keeps to itself).

    Whoever changes a file's journal must be alone with it, and SQLite doesn't wait for that.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        alone = os.open(f"{path}.lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise StateError(f"can't be used: {error.strerror}") from None
    try:
        flock(alone, LOCK_EX)
        connection = sqlite3.connect(path, timeout=wait)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        finally:
            connection.close()
    finally:
        os.close(alone)


def _shown(url: URL) -> str:
    """A database's address as people may see it: no password, and no parameters."""
    if url.drivername == "sqlite":
        return str(url.database)
    return url.set(query={}).render_as_string(hide_password=True)


def _without_password(text: str, url: URL) -> str:
    """A driver's message on one line, whatever it repeats of the address."""
    secrets = (url.password, url.query.get("password"), url.query.get("sslpassword"))
    for secret in filter(None, secrets):
        text = text.replace(str(secret), "***")
    return " ".join(text.split())
