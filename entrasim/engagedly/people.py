"""What can be done with people over SCIM, and what Engagedly insists on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec
from scim2_models import InvalidFilterException, ScimFilter
from scim2_models.path import Comparison, FilterNode, LogicalExpr
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from entrasim.engagedly import patching
from entrasim.engagedly.documents import Json, key_of, matches, member
from entrasim.engagedly.errors import ScimError, bad_request
from entrasim.engagedly.storage import OLDEST_FIRST, PersonRow, Storage

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

_INDEXED = {
    "id": PersonRow.id,
    "username": PersonRow.user_name,
    "externalid": PersonRow.external_id,
}


class People:
    """The people of the stand-in as SCIM resources."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def create(self, body: object, base_url: str) -> Json:
        """Keep a new person.

        Raises:
            ScimError: 400 if something mandatory is missing, 409 if the userName is taken.
        """
        document = _checked(body)
        row = self._storage.new_person(_encoded(document), *_searched_by(document))
        with self._unique_names() as session:
            session.add(row)
        return _shown(row, base_url)

    def read(self, known: str, base_url: str) -> Json:
        """Read a person.

        Raises:
            ScimError: 404 if nobody has that id (any more); so do all that take one.
        """
        with self._storage.session() as session:
            return _shown(_find(session, known), base_url)

    def search(self, text: str | None, base_url: str) -> list[Json]:
        """The people that a filter picks, oldest first.

        Raises:
            ScimError: 400 if the text is no filter.
        """
        try:
            node = ScimFilter(text).ast if text else None
        except (InvalidFilterException, ValueError, RecursionError) as error:
            raise bad_request("invalidFilter", f"no filter: {error}"[:300]) from None
        query = select(PersonRow).where(col(PersonRow.user_name).is_not(None))
        for name, value in _equalities(node):
            folded = value.casefold() if name == "username" else value
            query = query.where(_INDEXED[name] == folded)
        with self._storage.session() as session:
            rows = session.exec(query.order_by(OLDEST_FIRST)).all()
        shown = (_shown(row, base_url) for row in rows)
        return [resource for resource in shown if node is None or matches(node, resource)]

    def patch(self, known: str, body: object, base_url: str) -> Json:
        """Change a person by a PatchOp document; all of it or nothing."""
        with self._unique_names() as session:
            row = _find(session, known)
            document = msgspec.json.decode(row.document)
            patching.apply(document, body)
            self._rewrite(row, _checked(document))
            session.add(row)
        return _shown(row, base_url)

    def replace(self, known: str, body: object, base_url: str) -> Json:
        """Replace a person by another document."""
        with self._unique_names() as session:
            row = _find(session, known)
            self._rewrite(row, _checked(body))
            session.add(row)
        return _shown(row, base_url)

    def delete(self, known: str) -> None:
        """Delete a person as a resource: the userName is free, the employee stays, blocked."""
        with self._storage.session() as session:
            row = _find(session, known)
            self._rewrite(row, {**msgspec.json.decode(row.document), "active": False})
            row.user_name = row.external_id = None
            session.add(row)

    def _rewrite(self, row: PersonRow, document: Json) -> None:
        row.user_name, row.external_id = _searched_by(document)
        row.document, row.updated_at = _encoded(document), self._storage.now()

    @contextmanager
    def _unique_names(self) -> Iterator[Session]:
        try:
            with self._storage.session() as session:
                yield session
        except IntegrityError:
            raise ScimError(409, "userName belongs to somebody else", "uniqueness") from None


def _find(session: Session, known: str) -> PersonRow:
    row = session.get(PersonRow, known)
    if row is None or row.user_name is None:
        raise ScimError(404, f"there is no user {known[:100]}")
    return row


def _checked(body: object) -> Json:
    """A user as it may be kept: Engagedly wants a name, a mail and a userName."""
    if not isinstance(body, dict):
        raise bad_request("invalidSyntax", "a user is a JSON object")
    document = {k: v for k, v in body.items() if k.casefold() not in {"id", "meta", "schemas"}}
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
    return {"schemas": body.get("schemas") or [CORE_USER], **document}


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


def _searched_by(document: Json) -> tuple[str, str | None]:
    external_id = member(document, "externalId")
    return str(member(document, "userName")).casefold(), None if external_id is None else str(
        external_id
    )


def _equalities(node: FilterNode | None) -> Iterator[tuple[str, str]]:
    """Equalities that must hold and that an index knows about."""
    match node:
        case LogicalExpr(terms=terms) if node.op.value == "and":
            for term in terms:
                yield from _equalities(term)
        case Comparison(attr_path=path, value=str(value)) if node.op.value == "eq":
            name = path.attr.casefold()
            if name in _INDEXED and path.sub_attr is None:
                yield name, value


def _encoded(document: Json) -> str:
    return msgspec.json.encode(document).decode()


def _shown(row: PersonRow, base_url: str) -> Json:
    document: Json = msgspec.json.decode(row.document)
    meta = {
        "resourceType": "User",
        "created": _text(row.created_at),
        "lastModified": _text(row.updated_at),
        "location": f"{base_url}/Users/{row.id}",
    }
    return {**document, "id": row.id, "meta": meta}


def _text(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.isoformat().replace("+00:00", "Z")
