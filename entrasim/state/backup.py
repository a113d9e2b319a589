"""Back a state up into one file, while it is at work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from entrasim.errors import ConfigurationError, StateError
from entrasim.state import address
from entrasim.state.copying import copy_of, move, told_by
from entrasim.state.holding import hold, parts

_WAIT = 10.0  # seconds for another process that makes or replaces the state
_PG_DUMP = 'back it up by PostgreSQL\'s own means: pg_dump --format=custom --file=FILE "{url}"'


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made.

    Attributes:
        jobs: the ids and schedules of the jobs in it.
        revision: the migration it is at.
        size: in bytes.
    """

    file: Path
    jobs: list[tuple[str, str]]
    revision: str
    size: int


def back_up(state: str, file: Path, *, overwrite: bool) -> Backup:
    """Write the state at an address into a file, as it is at one moment; nobody need stop.

    The file is whole or not there, and its owner's alone. It is at the state's own revision,
    so that it can be made before an update.

    Raises:
        ConfigurationError: the state isn't SQLite's, or the file is there or can't be written.
        StateError: there is no state, or it is damaged.
    """
    path = file_of(state, _PG_DUMP)
    refuse_itself(path, file)
    if file.exists() and not overwrite:
        raise ConfigurationError(f"{file} is there already; write over it: --force")
    with _held(path):
        try:
            with copy_of(path, file) as copy:
                revision, jobs = told_by(copy, path)
                size = copy.stat().st_size
                move(copy, file)
        except OSError as error:
            raise ConfigurationError(f"{file}: can't be written: {error.strerror}") from None
    return Backup(file, jobs, revision, size)


def file_of(state: str, otherwise: str) -> Path:
    """The file of the state at an address.

    Raises:
        ConfigurationError: PostgreSQL has it; says what to do otherwise.
    """
    url = address.parse(state)
    if url.drivername != "sqlite":
        plain = address.shown(url.set(drivername="postgresql"))
        raise ConfigurationError(f"the state is in PostgreSQL; {otherwise.format(url=plain)}")
    return Path(url.database or "")


def refuse_itself(path: Path, file: Path) -> None:
    """See that a backup isn't the state.

    Raises:
        ConfigurationError: it is.
    """
    if file.exists() and any(file.samefile(part) for part in parts(path)):
        raise ConfigurationError(f"{file} is the state itself; name another file")


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Keep a state from being replaced."""
    if not path.exists():
        raise StateError(f"there is no state at {path}, so there is nothing to back up")
    try:
        release = hold(path, _WAIT)
    except StateError as error:
        raise StateError(f"the state at {path} {error}") from None
    try:
        yield
    finally:
        release()
