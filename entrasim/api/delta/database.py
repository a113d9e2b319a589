"""The file that the change history is kept in: its owner's alone, and dispensable."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL

from entrasim.api.delta.tables import LAYOUT, METADATA
from entrasim.state.address import parse
from entrasim.state.database import Database, connect_sqlite

_WAIT = 10  # seconds for another process's commit


def history_file(state: str) -> Path:
    """Where the change history of a state is: beside it, or in ./state if that is no file."""
    url = parse(state)
    path = Path(url.database or "") if url.drivername == "sqlite" else Path("state/entrasim.db")
    return path.absolute().with_name(f"{path.stem}-graph-history.db")


def open_history(file: Path) -> Database:
    """Open the file, or begin it anew if it isn't there, is damaged, or of another layout.

    Raises:
        OSError: it can't be made.
        sqlite3.Error: it can't be used.
        sqlalchemy.exc.SQLAlchemyError: likewise.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _usable(file):
        for part in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            part.unlink(missing_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    database = connect_sqlite(
        URL.create("sqlite", database=str(file), query={"timeout": str(_WAIT)})
    )
    _lay_out(database.writing, file)
    return database


def _usable(file: Path) -> bool:
    """Whether there is a sound history of this layout, or one that nobody has begun."""
    if not file.exists():
        return False
    try:
        with closing(sqlite3.connect(file, timeout=_WAIT)) as connection:
            (layout,) = connection.execute("PRAGMA user_version").fetchone()
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return bool(layout == LAYOUT or tables == (0,))
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            return False
        raise


def _lay_out(engine: Engine, file: Path) -> None:
    with closing(sqlite3.connect(file, timeout=_WAIT)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    with engine.begin() as connection:
        METADATA.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version={LAYOUT}")
