"""Whether a state database is whole."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from entrasim.errors import StateError
from entrasim.state.database import Database
from entrasim.state.reasons import RESTORE, reason_of


def check(database: Database) -> None:
    """See that a SQLite state is whole before a cycle believes it.

    It takes a tenth of a second for 100 MB, and finds pages that can't be right; what can be
    right but isn't, no check can find. PostgreSQL sees to its pages itself.

    Raises:
        StateError: it is damaged.
    """
    if database.file is None:
        return
    try:
        with database.reading.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    except SQLAlchemyError as error:
        raise StateError(f"the state at {database.file}: {reason_of(error)}") from error
    if found != "ok":
        detail = " ".join(str(found).split())
        raise StateError(f"the state at {database.file} is damaged ({detail}); {RESTORE}")
