"""The statements about the links of a job, one at a time."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, delete, func, select, update

from entrasim.model.connection import NamedConnection
from entrasim.model.entry import Anchor, Entry
from entrasim.state import rows
from entrasim.state.tables import ConnectionRow, MembershipRow, SourceRow, table_of

_LINKS, _SOURCES, _MEMBERS = (table_of(ConnectionRow), table_of(SourceRow), table_of(MembershipRow))
_ENTRY = msgspec.json.Decoder(Entry)


def counted(connection: Connection, job_id: str) -> dict[str, int]:
    """How many objects of each kind a job looks after."""
    managed = (_LINKS.c.job_id == job_id) & _LINKS.c.managed
    kind = _LINKS.c.object_type
    statement = select(kind, func.count()).where(managed).group_by(kind).order_by(kind)
    return {row[0]: row[1] for row in connection.execute(statement)}


def find(connection: Connection, job_id: str, known: str) -> NamedConnection | None:
    """The link of an object by its id on either side; the source's counts first."""
    for column in (_LINKS.c.source_id, _LINKS.c.target_anchor):
        ours = select(_LINKS).where(_LINKS.c.job_id == job_id, column == known)
        if (row := connection.execute(ours.limit(1)).one_or_none()) is not None:
            link = rows.connection(row)
            return NamedConnection(link, _name(connection, job_id, link.source_anchor))
    return None


def forget(connection: Connection, job_id: str, anchor: Anchor) -> None:
    """Forget a link, so that the next cycle decides about its object as about a newcomer."""
    key = rows.named(rows.key_of(job_id, anchor))
    for table in (_LINKS, _MEMBERS):
        connection.execute(delete(table).where(*(table.c[n] == v for n, v in key.items())))
    ours = (_SOURCES.c[name] == value for name, value in key.items())
    connection.execute(update(_SOURCES).where(*ours).values(pending=True))


def _name(connection: Connection, job_id: str, anchor: Anchor) -> str | None:
    key = rows.named(rows.key_of(job_id, anchor))
    ours = (_SOURCES.c[name] == value for name, value in key.items())
    text = connection.scalar(select(_SOURCES.c.entry).where(*ours))
    return None if text is None else _ENTRY.decode(text).display_name
