"""The change history of a tenant: what delta queries are answered from."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from entrasim.api.delta import comparing, telling
from entrasim.api.delta.database import history_file, open_history
from entrasim.api.delta.remembering import Ids
from entrasim.api.delta.tables import METADATA, HistoryRow, table_of
from entrasim.api.delta.telling import Page, Place, Round
from entrasim.api.delta.tokens import Edition, Ended
from entrasim.directory.fixture.graph_objects import GraphObjects
from entrasim.directory.fixture.graph_tenant import GraphTenant
from entrasim.errors import StateError
from entrasim.state.database import Database

T = TypeVar("T")

_HISTORY = table_of(HistoryRow)


class ChangeHistory:
    """What became of a tenant's users and groups, version by version, in a file of its own.

    The tenant is looked at when somebody asks what is new, so that edits by hand are found
    like any other, also those made while no daemon ran. The file is opened at the first
    question. It may be lost: then tokens issued before are answered by a reset.

    Every method raises StateError when the file can't be used, and those that look at the
    tenant what GraphTenant raises.
    """

    def __init__(self, file: Path, tenant: GraphTenant) -> None:
        self._file, self._tenant = file, tenant
        self._database: Database | None = None
        self._seen: GraphObjects | None = None
        self._ids = Ids()
        self._turn = asyncio.Lock()

    @classmethod
    def beside(cls, state: str, tenant: GraphTenant) -> ChangeHistory:
        """The history that belongs to a state, by its address."""
        return cls(history_file(state), tenant)

    async def look(self) -> Edition:
        """The history, after a look at the tenant; compares only if its files were touched."""
        async with self._turn:
            objects = await self._tenant.objects()
            if objects is not self._seen:
                now = self._tenant.clock.now()
                await self._write(lambda c: comparing.remember(c, objects, now))
                self._seen = objects
            return await self._read(_edition)

    async def edition(self) -> Edition:
        """The history as it is."""
        async with self._turn:
            return await self._read(_edition)

    async def page(self, of: Round, place: Place | None) -> Page:
        """The next page of a round."""
        async with self._turn:
            return await self._read(lambda c: telling.page(c, self._ids, of, place))

    async def expire(self, how: Ended = "expired") -> None:
        """End all tokens issued so far: as if by age, or since everything begins anew."""
        async with self._turn:
            generation = _HISTORY.c.generation + 1
            statement = update(_HISTORY).values(generation=generation, ended=how)
            await self._write(lambda c: c.execute(statement))

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    async def _read(self, query: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(self._run, query, writes=False)

    async def _write(self, change: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(self._run, change, writes=True)

    def _run(self, work: Callable[[Connection], T], *, writes: bool) -> T:
        try:
            database = self._opened()
            with (database.writing if writes else database.reading).begin() as connection:
                return work(connection)
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise StateError(
                f"the change history {self._file} can't be used: {_cause(error)}; it may be "
                "removed while no daemon runs, delta queries then start over"
            ) from error

    def _opened(self) -> Database:
        if self._database is None:
            database = open_history(self._file)
            with database.writing.begin() as connection:
                _own(connection, self._tenant.id)
            self._database = database
        return self._database


def _own(connection: Connection, tenant: str) -> None:
    """Have the history be this tenant's; another's is forgotten."""
    if connection.scalar(select(_HISTORY.c.tenant)) == tenant:
        return
    for table in METADATA.sorted_tables:
        connection.execute(delete(table))
    row = {"id": str(uuid4()), "tenant": tenant, "generation": 0, "ended": "expired"}
    connection.execute(insert(_HISTORY), row)


def _edition(connection: Connection) -> Edition:
    row = connection.execute(select(_HISTORY)).one()
    return Edition(
        history=row.id,
        generation=row.generation,
        ended=row.ended,
        version=comparing.newest(connection),
        floor=comparing.oldest(connection),
    )


def _cause(error: Exception) -> str:
    original = getattr(error, "orig", None) or error
    return getattr(original, "strerror", None) or " ".join(str(original).split())
