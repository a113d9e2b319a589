"""A whole copy of a SQLite state, while others go on writing to it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import NoReturn

from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from entrasim.errors import StateError
from entrasim.state.database import connect_sqlite
from entrasim.state.migrating import known_revision
from entrasim.state.reasons import RESTORE, reason_of


@contextmanager
def copy_of(source: Path, beside: Path) -> Iterator[Path]:
    """A sound copy in one file of its own beside another, gone at the end unless it was moved.

    It is as the database was at one moment, for its owner alone, and read through; nobody
    who works with the database waits for it.

    Raises:
        StateError: the database isn't entrasim's, is damaged, or there is no room for it.
        OSError: nothing can be made there.
    """
    handle, name = mkstemp(dir=beside.parent, prefix=f".{beside.name}.", suffix=".new")
    os.close(handle)
    fresh = Path(name)
    try:
        try:
            _copy(source, fresh)
        except sqlite3.Error as error:
            raise StateError(f"{source} can't be copied to {beside}: {reason_of(error)}") from None
        yield fresh
    finally:
        for kind in ("", "-wal", "-shm", "-journal"):
            Path(f"{fresh}{kind}").unlink(missing_ok=True)


def told_by(copy: Path, source: Path) -> tuple[str, list[tuple[str, str]]]:
    """The revision of a copied state, and its jobs with their schedules.

    Raises:
        StateError: it is no state, or a newer version's.
    """
    database = connect_sqlite(URL.create("sqlite", database=str(copy)))
    try:
        with database.reading.connect() as connection:
            revision = known_revision(connection) or _nothing()
            found = connection.execute(text("SELECT id, schedule FROM jobs ORDER BY id")).all()
    except StateError as error:
        raise StateError(f"{source} {error}") from None
    except SQLAlchemyError as error:
        raise StateError(f"{source} is no whole state: {reason_of(error)}") from None
    finally:
        database.close()
    return revision, [(row.id, row.schedule) for row in found]


def move(copy: Path, file: Path) -> None:
    """Put a copy in a file's place; a power cut leaves the old file or the whole new one."""
    _settle(copy, os.O_RDONLY)
    copy.replace(file)
    _settle(file.parent, os.O_RDONLY | os.O_DIRECTORY)


def _settle(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _nothing() -> NoReturn:
    raise StateError("is an empty database: nothing is remembered in it")


def _copy(source: Path, fresh: Path) -> None:
    origin = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
    with closing(origin), closing(sqlite3.connect(fresh)) as copy:
        origin.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, that needs none beside it
        found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise StateError(f"{source} is damaged ({' '.join(found.split())}); {RESTORE}")
