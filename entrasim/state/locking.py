"""One cycle of a job at a time, over all processes; a dead process holds no lock."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from hashlib import blake2b
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from entrasim.errors import JobRunningError, StateError
from entrasim.state.database import Database

Release = Callable[[], None]
"""Gives a lock back."""


def take(database: Database, job_id: str) -> Release:
    """Take a job's lock.

    Beside a SQLite file lies a lock file per job, whose lock the operating system takes
    back when the process dies; PostgreSQL does so for an advisory lock when the
    connection ends.

    Raises:
        JobRunningError: somebody else holds it.
        StateError: it can't be asked for.
    """
    if database.file is not None:
        return _take_file(Path(f"{database.file}.{quote(job_id, safe='')}.lock"), job_id)
    try:
        return _take_advisory(database.writing, job_id)
    except DBAPIError as error:
        raise StateError(f"the state can't be locked: {error.orig}") from error


def is_held(database: Database, job_id: str) -> bool:
    """Whether somebody holds a job's lock; it is taken for a moment to find out.

    Raises:
        StateError: it can't be asked for.
    """
    try:
        take(database, job_id)()
    except JobRunningError:
        return True
    return False


def _take_file(path: Path, job_id: str) -> Release:
    try:
        file = os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StateError(f"{path} can't be locked: {error.strerror}") from error
    try:
        flock(file, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        file.close()
        raise _running(job_id) from None
    return file.close


def _take_advisory(engine: Engine, job_id: str) -> Release:
    number = int.from_bytes(blake2b(job_id.encode(), digest_size=8).digest(), signed=True)
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    connection.detach()  # the lock ends with its connection, so no pool may keep that alive
    if not connection.scalar(text("SELECT pg_try_advisory_lock(:n)"), {"n": number}):
        connection.close()
        raise _running(job_id)

    def release() -> None:
        """Give it back at once; the server would take a moment to notice a closed connection."""
        with connection, suppress(DBAPIError):
            connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": number})

    return release


def _running(job_id: str) -> JobRunningError:
    return JobRunningError(f'a cycle of job "{job_id}" is running already; wait for its end')
