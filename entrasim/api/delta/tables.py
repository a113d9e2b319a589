"""The tables of the change history: what was true of the tenant, and from when to when.

A version is a moment at which the tenant was looked at and had changed. A row holds from the
version `since` up to, and without, the version `until`; without one it holds still.
"""

from __future__ import annotations

from sqlalchemy import Index, LargeBinary, MetaData, Table
from sqlmodel import Field, SQLModel

LAYOUT = 1
"""Goes up when the tables change; a history of another layout is begun anew."""

METADATA = MetaData()


class HistoryTable(SQLModel):
    """What all tables of the history share."""

    metadata = METADATA


class HistoryRow(HistoryTable, table=True):
    """Whose history it is; there is one such row.

    Tokens of a generation before the present one are answered as `ended` says.
    """

    __tablename__ = "history"

    id: str = Field(primary_key=True)
    tenant: str
    generation: int
    ended: str


class VersionRow(HistoryTable, table=True):
    """A version, and when it was seen, in seconds since 1970."""

    __tablename__ = "versions"

    number: int = Field(primary_key=True)
    seen_at: float


class ObjectRow(HistoryTable, table=True):
    """What a user or a group was, without a group's members.

    `manager` is there only while both are; `properties` is Graph's JSON, always in one order.
    """

    __tablename__ = "objects"
    __table_args__ = (
        Index("objects_by_beginning", "kind", "since"),
        Index("objects_by_end", "kind", "until"),
    )

    kind: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    since: int = Field(primary_key=True)
    until: int | None = None
    deleted: bool
    manager: str | None = None
    properties: bytes = Field(sa_type=LargeBinary)


class MemberRow(HistoryTable, table=True):
    """That somebody was a group's member, while both were there."""

    __tablename__ = "members"
    __table_args__ = (Index("members_by_beginning", "since"), Index("members_by_end", "until"))

    group_id: str = Field(primary_key=True)
    member_id: str = Field(primary_key=True)
    since: int = Field(primary_key=True)
    until: int | None = None
    member_kind: str


def table_of(model: type[HistoryTable]) -> Table:
    """A model's table, for statements on many rows."""
    return METADATA.tables[str(model.__tablename__)]
