"""Bring a database to the newest migration; the migrations lie inside the package."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from entrasim.errors import StateError

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 7_310_579_017_405_301  # entrasim's own number among a server's advisory locks


def bring_up_to_date(engine: Engine) -> None:
    """Run the migrations that a database lacks, in one transaction.

    One that lacks none is asked for its revision and nothing else. Processes that come
    at the same time wait for each other.

    Raises:
        StateError: what is there isn't entrasim's, or a newer version's; it is untouched.
    """
    newest = revisions()[-1]
    with engine.connect() as connection:
        if _revision(connection) == newest:
            return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
        if known_revision(connection) != newest:
            _upgrade(connection)


def revisions() -> list[str]:
    """All revisions there ever were, oldest first."""
    return sorted(path.name.partition("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*.py"))


def known_revision(connection: Connection) -> str | None:
    """The revision a database is at; None for an empty one.

    Raises:
        StateError: what is there isn't entrasim's, or a newer version's.
    """
    found = _revision(connection)
    if found is not None and found not in revisions():
        raise StateError(
            f"was written by a newer entrasim (revision {found}): "
            "use that version, or another database"
        )
    if found is None and set(inspect(connection).get_table_names()) - {"alembic_version"}:
        raise StateError("is another program's database: give entrasim one of its own")
    return found


def _revision(connection: Connection) -> str | None:
    """The migration a database is at; None for a new one."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - slow to import, and seldom needed
    from alembic.config import Config  # noqa: PLC0415 - likewise

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    command.upgrade(config, "head")
