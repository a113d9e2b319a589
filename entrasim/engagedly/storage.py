"""The stand-in's own SQLite file: connections, people and groups."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlmodel import Session, SQLModel, col, select

from entrasim.engagedly.tables import TABLES, ConnectionRow
from entrasim.errors import ConfigurationError


class Connection(Struct, frozen=True):
    """A connection of Settings, Integrations, HRIS; its token is known to its owner alone."""

    name: str
    base_url: str
    created_at: datetime


class NewConnection(Struct, frozen=True):
    """A connection as it was made; the token is shown this once."""

    name: str
    base_url: str
    token: str


class Storage:
    """Keeps connections, people and groups; every method is one transaction."""

    def __init__(self, database: Path, now: Callable[[], datetime]) -> None:
        self._now = now
        self._engine = _open(database)

    def add_connection(self, name: str, base_url: str) -> NewConnection:
        """Make a connection with a token of 256 random bits."""
        token = secrets.token_urlsafe(32)
        row = ConnectionRow(
            name=name, base_url=base_url, token_digest=_digest(token), created_at=self._now()
        )
        try:
            with self.session() as session:
                session.add(row)
        except IntegrityError:
            raise ConfigurationError(
                f'there is a connection "{name}" already; delete it first: '
                f"entrasim engagedly connection delete {name}"
            ) from None
        return NewConnection(name, base_url, token)

    def connections(self) -> list[Connection]:
        """All connections, without tokens."""
        with self.session() as session:
            rows = session.exec(select(ConnectionRow).order_by(col(ConnectionRow.created_at)))
            return [Connection(row.name, row.base_url, row.created_at) for row in rows]

    def delete_connection(self, name: str) -> None:
        """Delete a connection; its client is refused from now on, people stay as they are."""
        with self.session() as session:
            row = session.get(ConnectionRow, name)
            if row is None:
                known = ", ".join(session.exec(select(ConnectionRow.name))) or "none"
                raise ConfigurationError(f'there is no connection "{name}" (known: {known})')
            session.delete(row)

    def accepts(self, token: str) -> bool:
        """Whether a token belongs to a connection.

        Digests are looked up, so that how long it takes says nothing of the token.
        """
        with self.session() as session:
            digest = _digest(token)
            query = select(ConnectionRow.name).where(ConnectionRow.token_digest == digest)
            return session.exec(query).first() is not None

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction: committed at the end, undone by an error."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    def now(self) -> datetime:
        """The stand-in's time."""
        return self._now()

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()


def _open(database: Path) -> Engine:
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(database, os.O_CREAT | os.O_RDWR, 0o600))
        engine = create_engine(f"sqlite:///{database}")
        event.listen(engine, "connect", _configure)
        lock = os.open(f"{database}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        with os.fdopen(lock) as alone:
            flock(alone, LOCK_EX)  # a server and a command may come to a new file at once
            SQLModel.metadata.create_all(engine, tables=TABLES)
    except OSError as error:
        raise ConfigurationError(f"{database}: can't be used: {error.strerror}") from None
    except DatabaseError as error:
        raise ConfigurationError(f"{database}: no database of the stand-in: {error.orig}") from None
    return engine


def _configure(connection: Any, record: object) -> None:  # noqa: ANN401 - the driver's connection
    del record
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
