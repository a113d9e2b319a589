"""Open the state database: read its address, connect, bring it to the newest migration."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from entrasim.errors import ConfigurationError, StateError
from entrasim.state.address import parse, shown, without_password
from entrasim.state.holding import Release, hold
from entrasim.state.migrating import bring_up_to_date
from entrasim.state.reasons import reason_of


@dataclass(frozen=True, slots=True)
class Database:
    """A state database: the same one for reading and for writing.

    What reads sees one moment, however many statements it takes; what writes keeps other
    writers out from its first statement on.
    """

    reading: Engine
    writing: Engine
    release: Release = lambda: None

    @property
    def file(self) -> Path | None:
        """The file that holds it, if it is SQLite's."""
        url = self.reading.url
        return Path(url.database or "") if url.get_backend_name() == "sqlite" else None

    def close(self) -> None:
        """Let go of all connections."""
        self.reading.dispose()
        self.release()


def open_database(address: str) -> Database:
    """Connect to a database and bring it to the newest migration.

    A SQLite file is made if it isn't there, readable by its owner alone. One that is
    damaged, or was written by a newer version, is left as it is.

    Raises:
        ConfigurationError: the URL names no database that can be used.
        StateError: there is a database, but it can't be used.
    """
    url = parse(address)
    database = connect_sqlite(url) if url.drivername == "sqlite" else _connect_postgresql(url)
    try:
        if database.file is not None:
            release = hold(database.file, float(str(url.query["timeout"])))
            database = replace(database, release=release)
        bring_up_to_date(database.writing)
    except StateError as error:
        database.close()
        raise StateError(f"the state at {shown(url)} {error}") from error
    except SQLAlchemyError as error:
        database.close()
        reason = without_password(reason_of(error), url)
        raise StateError(f"the state at {shown(url)} can't be used: {reason}") from None
    return database


def connect_sqlite(url: URL) -> Database:
    """A database in a file, which nobody holds yet."""
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
