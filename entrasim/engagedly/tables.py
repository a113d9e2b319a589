"""The tables of the stand-in's file.

A table that a file of an earlier version lacks is made when the file is opened; the columns of
those that are there stay as they are.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

OLDEST_FIRST = text("rowid")  # SQLite numbers rows as they come


class ConnectionRow(SQLModel, table=True):
    """A connection; of the token only a digest is kept."""

    __tablename__ = "engagedly_connections"

    name: str = Field(primary_key=True)
    base_url: str
    token_digest: str = Field(index=True, unique=True)
    created_at: datetime


class PersonRow(SQLModel, table=True):
    """A person: the SCIM resource as it came, and what is searched by.

    `user_name` is folded; it is empty once the resource was deleted and only the blocked
    employee is left.
    """

    __tablename__ = "engagedly_people"
    __table_args__ = (UniqueConstraint("user_name", name="one_person_per_user_name"),)

    id: str = Field(primary_key=True)
    user_name: str | None = Field(default=None)
    external_id: str | None = Field(default=None, index=True)
    document: str = Field(sa_type=Text)
    created_at: datetime
    updated_at: datetime


class GroupRow(SQLModel, table=True):
    """A group: the SCIM resource as it came, without its members, and what is searched by.

    `display_name` is folded.
    """

    __tablename__ = "engagedly_groups"
    __table_args__ = (UniqueConstraint("display_name", name="one_group_per_display_name"),)

    id: str = Field(primary_key=True)
    display_name: str
    external_id: str | None = Field(default=None, index=True)
    document: str = Field(sa_type=Text)
    created_at: datetime
    updated_at: datetime


class MembershipRow(SQLModel, table=True):
    """That somebody, or another group, is a member of a group.

    A row each, so that who joins a large group costs no more than who joins a small one.
    """

    __tablename__ = "engagedly_memberships"

    group_id: str = Field(primary_key=True)
    member_id: str = Field(primary_key=True, index=True)


TABLES = [
    SQLModel.metadata.tables[str(row.__tablename__)]
    for row in (ConnectionRow, PersonRow, GroupRow, MembershipRow)
]
