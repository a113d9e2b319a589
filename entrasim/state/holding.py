"""A SQLite state's file: its owner's alone, held while it is open, missed when it is gone."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from errno import EISDIR
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from glob import escape
from pathlib import Path

from entrasim.errors import JobRunningError, StateError
from entrasim.state.reasons import RESTORE, reason_of

Release = Callable[[], None]
"""Gives back what was held."""

_OTHERS = 0o077  # what a mode lets others do


def hold(path: Path, wait: float) -> Release:
    """Make the file, if need be, and keep it from being replaced until it is given back.

    The folder of a new file is its owner's alone, as the file is. One that others may read,
    as a copy by hand may leave it, is closed to them: it holds personal data, and nobody
    else has business with it.

    Raises:
        StateError: it can't be used, or is gone or empty though a job ran on it.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(path):
            _miss(path)
            _make(path)
            close_to_others(path)
            _write_ahead(path, wait)
            return os.fdopen(_locked(_in_use(path), LOCK_SH)).close
    except OSError as error:
        raise StateError(f"can't be used: {error.strerror}") from None
    except sqlite3.Error as error:
        raise StateError(f"can't be used: {reason_of(error)}") from None


@contextmanager
def kept_from_others(path: Path) -> Iterator[None]:
    """Have a file to oneself: who comes meanwhile waits, who has it open is not disturbed.

    Raises:
        JobRunningError: another process has it open.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(path):
        try:
            handle = _locked(_in_use(path), LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise JobRunningError(
                f"another process has the state at {path} open; "
                "stop the daemon, or wait for what runs, and try again"
            ) from None
        try:
            yield
        finally:
            os.close(handle)


def parts(path: Path) -> list[Path]:
    """The files that a database consists of, as far as they are there."""
    return [part for part in (path, Path(f"{path}-wal"), Path(f"{path}-shm")) if part.exists()]


def close_to_others(path: Path) -> None:
    """Let nobody but the owner read the files of a database."""
    for part in parts(path):
        with suppress(FileNotFoundError):  # the journal goes with its last user
            mode = part.stat().st_mode
            if mode & _OTHERS:
                part.chmod(mode & ~_OTHERS)


def _in_use(path: Path) -> Path:
    """What everybody who has a state open holds a share of."""
    return Path(f"{path}.in-use")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep out others who open or replace the file; those who have it open go on."""
    handle = _locked(Path(f"{path}.lock"), LOCK_EX)
    try:
        yield
    finally:
        os.close(handle)


def _locked(path: Path, how: int) -> int:
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        flock(handle, how)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _miss(path: Path) -> None:
    """See that no state was lost: SQLite would begin an empty one without a word.

    What tells of it are the locks of jobs that ran on it, and a journal that is left.
    """
    if path.is_dir():
        raise OSError(EISDIR, os.strerror(EISDIR))
    if path.exists() and path.stat().st_size:
        return
    journal = Path(f"{path}-wal")
    left = sorted(path.parent.glob(f"{escape(path.name)}.*.lock"))
    left += [journal] if journal.exists() and journal.stat().st_size else []
    if left:
        raise StateError(
            f"{'is empty' if path.exists() else 'is gone'}, though there was one ({left[0].name} "
            f"is left of it); {RESTORE}. To begin anew, "
            f"remove {', '.join(file.name for file in left)}: everybody is matched again then"
        )


def _make(path: Path) -> None:
    """Make the file, unless it is there.

    One that is there isn't opened: closing it would free the locks that SQLite holds on it
    in this process (sqlite.org/howtocorrupt.html, 2.2).
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _write_ahead(path: Path, wait: float) -> None:
    """Have the file write ahead, which it then keeps to itself.

    Whoever changes a file's journal must be alone with it, and SQLite doesn't wait for that.
    """
    with closing(sqlite3.connect(path, timeout=wait)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
