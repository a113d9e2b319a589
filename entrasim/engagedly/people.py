"""What can be done with people over SCIM, and what Engagedly insists on."""

from __future__ import annotations

from uuid import uuid4

from sqlmodel import Session, col, select

from entrasim.engagedly import filtering, memberships, patching
from entrasim.engagedly.documents import Json, key_of, member
from entrasim.engagedly.errors import ScimError, bad_request
from entrasim.engagedly.resources import (
    checked_object,
    decoded,
    encoded,
    external_id,
    shown,
    unique,
)
from entrasim.engagedly.storage import Storage
from entrasim.engagedly.tables import OLDEST_FIRST, PersonRow

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

_INDEXED = {
    "id": PersonRow.id,
    "username": PersonRow.user_name,
    "externalid": PersonRow.external_id,
}
_TAKEN = "userName belongs to somebody else"


class People:
    """The people of the stand-in as SCIM resources."""

    linked = "groups"

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def create(self, body: object, base_url: str) -> Json:
        """Keep a new person.

        Raises:
            ScimError: 400 if something mandatory is missing, 409 if the userName is taken.
        """
        document, now = _checked(body), self._storage.now()
        row = PersonRow(id=str(uuid4()), document="", created_at=now, updated_at=now)
        self._rewrite(row, document)
        with unique(self._storage, _TAKEN) as session:
            session.add(row)
        return shown(row, base_url)

    def read(self, known: str, base_url: str) -> Json:
        """Read a person.

        Raises:
            ScimError: 404 if nobody has that id (any more); so do all that take one.
        """
        with self._storage.session() as session:
            return shown(_find(session, known), base_url)

    def search(self, text: str | None, base_url: str) -> list[Json]:
        """The people that a filter picks, oldest first.

        Raises:
            ScimError: 400 if the text is no filter.
        """
        search = filtering.read(text, _INDEXED)
        query = select(PersonRow).where(col(PersonRow.user_name).is_not(None))
        for name, value in search.equalities:
            folded = value.casefold() if name == "username" else value
            query = query.where(_INDEXED[name] == folded)
        with self._storage.session() as session:
            rows = session.exec(query.order_by(OLDEST_FIRST)).all()
        found = [shown(row, base_url) for row in rows]
        if search.looks_at(self.linked):
            found = self.complete(found, base_url)
        return [resource for resource in found if search.picks(resource)]

    def complete(self, resources: list[Json], base_url: str) -> list[Json]:
        """The same people with the groups that they are in; whoever is in none has no such list."""
        ids = [resource["id"] for resource in resources]
        with self._storage.session() as session:
            groups = memberships.groups_of(session, ids, base_url)
        return [
            {**resource, self.linked: groups[resource["id"]]}
            if resource["id"] in groups
            else resource
            for resource in resources
        ]

    def patch(self, known: str, body: object, base_url: str) -> Json:
        """Change a person by a PatchOp document; all of it or nothing."""
        with unique(self._storage, _TAKEN) as session:
            row = _find(session, known)
            document = decoded(row.document)
            for operation in patching.operations(body):
                patching.apply(document, operation)
            self._rewrite(row, _checked(document))
            session.add(row)
        return shown(row, base_url)

    def replace(self, known: str, body: object, base_url: str) -> Json:
        """Replace a person by another document."""
        with unique(self._storage, _TAKEN) as session:
            row = _find(session, known)
            self._rewrite(row, _checked(body))
            session.add(row)
        return shown(row, base_url)

    def delete(self, known: str) -> None:
        """Delete a person as a resource.

        The userName is free, all groups are left; the employee stays, blocked.
        """
        with self._storage.session() as session:
            row = _find(session, known)
            self._rewrite(row, {**decoded(row.document), "active": False})
            row.user_name = row.external_id = None
            session.add(row)
            memberships.forget(session, known)

    def _rewrite(self, row: PersonRow, document: Json) -> None:
        row.user_name = str(member(document, "userName")).casefold()
        row.external_id = external_id(document)
        row.document, row.updated_at = encoded(document), self._storage.now()


def _find(session: Session, known: str) -> PersonRow:
    row = session.get(PersonRow, known)
    if row is None or row.user_name is None:
        raise ScimError(404, f"there is no user {known[:100]}")
    return row


def _checked(body: object) -> Json:
    """A user as it may be kept: Engagedly wants a name, a mail and a userName."""
    document = checked_object(body, without=frozenset({People.linked}))
    mandatory = {
        "userName": member(document, "userName"),
        "name.givenName": member(member(document, "name"), "givenName"),
        "name.familyName": member(member(document, "name"), "familyName"),
        'emails[type eq "work"].value': work_mail(document),
    }
    for name, value in mandatory.items():
        if not isinstance(value, str) or not value.strip():
            raise bad_request("invalidValue", f"{name} is mandatory at Engagedly")
    active = member(document, "active")
    if active is not None and str(active).casefold() not in {"true", "false"}:
        raise bad_request("invalidValue", "active is true or false")
    document[key_of(document, "active")] = str(active).casefold() != "false"
    _give_manager_its_shape(document)
    return {"schemas": member(body, "schemas") or [CORE_USER], **document}


def _give_manager_its_shape(document: Json) -> None:
    """Entra sends a manager as a plain id; it is read back as an object."""
    extension = member(document, ENTERPRISE_USER)
    manager = member(extension, "manager")
    if isinstance(extension, dict) and isinstance(manager, str):
        extension[key_of(extension, "manager")] = {"value": manager}


def work_mail(document: Json) -> object:
    """The mail address at work."""
    emails = member(document, "emails")
    for email in emails if isinstance(emails, list) else ():
        if str(member(email, "type")).casefold() == "work":
            return member(email, "value")
    return None
