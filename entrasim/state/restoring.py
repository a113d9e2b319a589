"""Put a backup in a state's place, so that nothing comes to harm by what it doesn't know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from entrasim.errors import ConfigurationError, StateError
from entrasim.state.backup import file_of, refuse_itself
from entrasim.state.copying import copy_of, move, told_by
from entrasim.state.database import connect_sqlite
from entrasim.state.holding import close_to_others, kept_from_others, parts
from entrasim.state.migrating import bring_up_to_date
from entrasim.state.reasons import reason_of
from entrasim.state.tables import JobRow, table_of

_PG_RESTORE = (
    "restore it by PostgreSQL's own means, with no daemon running: pg_restore --clean "
    '--if-exists --dbname="{url}" FILE; then, for each job: entrasim job restart'
)

_HEADER = b"SQLite format 3\0"  # sqlite.org/fileformat.html

_FORGOTTEN = {
    "watermark": None,
    "cycle_wanted_at": None,
    "running_cycle_id": None,
    "force_deletes": False,
}


@dataclass(frozen=True, slots=True)
class Restored:
    """A state that was brought back.

    Attributes:
        jobs: the ids and schedules of the jobs in it.
        revision: the migration that the backup was at.
        replaced: where the state before lies now; None if there was none.
    """

    state: Path
    jobs: list[tuple[str, str]]
    revision: str
    replaced: Path | None


def restore(state: str, file: Path, now: datetime) -> Restored:
    """Put a backup in the place of the state at an address; what was there stays beside it.

    The backup is read through and brought to the newest migration before anything is
    replaced. Every job begins with an initial cycle then, for what happened after the
    backup is in the target but not remembered: whoever was created is found by matching.
    An allowance for deletions and a wish for a cycle don't come back.

    Raises:
        ConfigurationError: the state isn't SQLite's, or there is no such file, or no backup.
        JobRunningError: another process has the state open.
        StateError: the file is no state, is damaged, or a newer version's; or no room is left.
    """
    path = file_of(state, _PG_RESTORE)
    if not file.is_file():
        raise ConfigurationError(f"{file}: there is no such file; name one of state backup")
    refuse_itself(path, file)
    _refuse_other_files(file)
    try:
        with kept_from_others(path), copy_of(file, path) as copy:
            revision, jobs = told_by(copy, file)
            _prepare(copy)
            replaced = _set_aside(path, now)
            move(copy, path)
    except OSError as error:
        raise StateError(f"the state at {path} can't be replaced: {error.strerror}") from None
    return Restored(path, jobs, revision, replaced)


def _refuse_other_files(file: Path) -> None:
    with file.open("rb") as opened:
        if opened.read(len(_HEADER)) not in {b"", _HEADER}:
            raise ConfigurationError(f"{file}: is no backup; name a file of entrasim state backup")


def _prepare(copy: Path) -> None:
    """Bring a copy to the newest migration, and have every job begin anew."""
    database = connect_sqlite(URL.create("sqlite", database=str(copy)))
    try:
        bring_up_to_date(database.writing)
        with database.writing.begin() as connection:
            connection.execute(update(table_of(JobRow)).values(_FORGOTTEN))
    except SQLAlchemyError as error:
        raise StateError(f"the backup can't be brought up to date: {reason_of(error)}") from None
    finally:
        database.close()


def _set_aside(path: Path, now: datetime) -> Path | None:
    """Move a state away, damaged as it may be, together with its journal."""
    close_to_others(path)
    aside = path.with_name(f"{path.name}.replaced-{now:%Y%m%dT%H%M%S%fZ}")
    found = parts(path)
    for part in found:
        part.rename(f"{aside}{part.name.removeprefix(path.name)}")
    return aside if found else None
