"""What people and groups have in common: rows that hold a document, shown as SCIM resources."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Protocol

import msgspec
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from entrasim.engagedly.documents import Json, member
from entrasim.engagedly.errors import ScimError, bad_request
from entrasim.engagedly.storage import Storage
from entrasim.engagedly.tables import GroupRow, PersonRow

ENDPOINTS = {"User": "Users", "Group": "Groups"}


class Resources(Protocol):
    """Resources of one kind, as the endpoint asks for them.

    Attributes:
        linked: the attribute that tells of memberships. It may be long and is looked up only
            where somebody wants to see it.
    """

    linked: str

    def create(self, body: object, base_url: str) -> Json:
        """Keep a new one."""

    def read(self, known: str, base_url: str) -> Json:
        """Read one, without what is linked."""

    def search(self, text: str | None, base_url: str) -> list[Json]:
        """Those that a filter picks, oldest first, likewise."""

    def complete(self, resources: list[Json], base_url: str) -> list[Json]:
        """The same ones with what is linked."""

    def patch(self, known: str, body: object, base_url: str) -> Json | None:
        """Change one; gives nothing where showing it would cost more than changing it."""

    def replace(self, known: str, body: object, base_url: str) -> Json:
        """Replace one."""

    def delete(self, known: str) -> None:
        """Delete one."""


def checked_object(body: object, *, without: frozenset[str]) -> Json:
    """A resource's own attributes: without those that the endpoint gives, and its schemas.

    Raises:
        ScimError: 400 if it is no object.
    """
    if not isinstance(body, dict):
        raise bad_request("invalidSyntax", "a resource is a JSON object")
    given = {"id", "meta", "schemas"} | without
    return {name: value for name, value in body.items() if name.casefold() not in given}


def external_id(document: Json) -> str | None:
    """The id that the client knows a resource by."""
    found = member(document, "externalId")
    return None if found is None else str(found)


def display_of(document: Json) -> str:
    """What a person or group is called."""
    name = member(document, "name")
    full = [member(name, part) for part in ("givenName", "familyName")]
    return str(member(document, "displayName") or " ".join(str(part) for part in full if part))


def encoded(document: Json) -> str:
    """A document as it is kept."""
    return msgspec.json.encode(document).decode()


def decoded(document: str) -> Json:
    """A document that was kept."""
    found: Json = msgspec.json.decode(document)
    return found


def shown(row: PersonRow | GroupRow, base_url: str) -> Json:
    """A row as a resource, with id and meta."""
    kind = "User" if isinstance(row, PersonRow) else "Group"
    meta = {
        "resourceType": kind,
        "created": _text(row.created_at),
        "lastModified": _text(row.updated_at),
        "location": location(kind, row.id, base_url),
    }
    return {**decoded(row.document), "id": row.id, "meta": meta}


def location(kind: str, known: str, base_url: str) -> str:
    """Where a resource is to be found."""
    return f"{base_url}/{ENDPOINTS[kind]}/{known}"


@contextmanager
def unique(storage: Storage, told: str) -> Iterator[Session]:
    """A transaction that must not give two resources the same name.

    Raises:
        ScimError: 409, with what is told of it.
    """
    try:
        with storage.session() as session:
            yield session
    except IntegrityError:
        raise ScimError(409, told, "uniqueness") from None


def _text(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.isoformat().replace("+00:00", "Z")
