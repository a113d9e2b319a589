"""What can be done with groups over SCIM."""

from __future__ import annotations

from uuid import uuid4

from sqlmodel import Session, col, select

from entrasim.engagedly import filtering, member_changes, memberships, patching
from entrasim.engagedly.documents import Json, member
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
from entrasim.engagedly.tables import OLDEST_FIRST, GroupRow, MembershipRow

CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"

_INDEXED = {
    "id": GroupRow.id,
    "displayname": GroupRow.display_name,
    "externalid": GroupRow.external_id,
}
_BY_MEMBER = "members.value"
_TAKEN = "displayName belongs to another group"


class Groups:
    """The groups of the stand-in as SCIM resources; a large one costs only whoever looks at it."""

    linked = "members"

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def create(self, body: object, base_url: str) -> Json:
        """Keep a new group.

        Raises:
            ScimError: 400 if it has no displayName, or a member who is not there; 409 if the
                displayName is taken.
        """
        document, now = _checked(body), self._storage.now()
        row = GroupRow(
            id=str(uuid4()), display_name="", document="", created_at=now, updated_at=now
        )
        self._rewrite(row, document)
        with unique(self._storage, _TAKEN) as session:
            session.add(row)
            memberships.join(session, row.id, member_changes.ids_in(member(body, self.linked)))
        return shown(row, base_url)

    def read(self, known: str, base_url: str) -> Json:
        """Read a group, without its members.

        Raises:
            ScimError: 404 if there is none of that id; so do all that take one.
        """
        with self._storage.session() as session:
            return shown(_find(session, known), base_url)

    def search(self, text: str | None, base_url: str) -> list[Json]:
        """The groups that a filter picks, oldest first, without their members.

        Raises:
            ScimError: 400 if the text is no filter.
        """
        search = filtering.read(text, {*_INDEXED, _BY_MEMBER})
        query = select(GroupRow)
        for name, value in search.equalities:
            if name == _BY_MEMBER:
                theirs = select(MembershipRow.group_id).where(MembershipRow.member_id == value)
                query = query.where(col(GroupRow.id).in_(theirs))
            else:
                folded = value.casefold() if name == "displayname" else value
                query = query.where(_INDEXED[name] == folded)
        with self._storage.session() as session:
            rows = session.exec(query.order_by(OLDEST_FIRST)).all()
        found = [shown(row, base_url) for row in rows]
        if search.looks_at(self.linked):
            found = self.complete(found, base_url)
        return [resource for resource in found if search.picks(resource)]

    def complete(self, resources: list[Json], base_url: str) -> list[Json]:
        """The same groups with their members."""
        with self._storage.session() as session:
            return [
                {**r, self.linked: memberships.members_of(session, r["id"], base_url)}
                for r in resources
            ]

    def patch(self, known: str, body: object, base_url: str) -> None:
        """Change a group by a PatchOp document; all of it or nothing."""
        del base_url
        with unique(self._storage, _TAKEN) as session:
            row = _find(session, known)
            document = decoded(row.document)
            for operation in patching.operations(body):
                changes, rest = member_changes.taken_apart(operation)
                for change in changes:
                    member_changes.carry_out(session, known, change)
                if rest is not None:
                    patching.apply(document, rest)
            self._rewrite(row, _checked(document))
            session.add(row)

    def replace(self, known: str, body: object, base_url: str) -> Json:
        """Replace a group by another document, and its members by those named there."""
        with unique(self._storage, _TAKEN) as session:
            row = _find(session, known)
            self._rewrite(row, _checked(body))
            session.add(row)
            memberships.clear(session, known)
            memberships.join(session, known, member_changes.ids_in(member(body, self.linked)))
        return shown(row, base_url)

    def delete(self, known: str) -> None:
        """Delete a group; it is no other group's member any more."""
        with self._storage.session() as session:
            session.delete(_find(session, known))
            memberships.clear(session, known)
            memberships.forget(session, known)

    def _rewrite(self, row: GroupRow, document: Json) -> None:
        row.display_name = str(member(document, "displayName")).casefold()
        row.external_id = external_id(document)
        row.document, row.updated_at = encoded(document), self._storage.now()


def overview(storage: Storage) -> list[Json]:
    """All groups for people, oldest first: what they are called, and who is in them."""
    with storage.session() as session:
        rows = session.exec(select(GroupRow).order_by(OLDEST_FIRST)).all()
        found = [(row, memberships.members_of(session, row.id, "")) for row in rows]
    return [
        {
            "id": row.id,
            "displayName": member(decoded(row.document), "displayName"),
            "externalId": row.external_id,
            "memberCount": len(members),
            "members": [
                {"id": m["value"], "type": m["type"], "displayName": m["display"]} for m in members
            ],
        }
        for row, members in found
    ]


def _find(session: Session, known: str) -> GroupRow:
    row = session.get(GroupRow, known)
    if row is None:
        raise ScimError(404, f"there is no group {known[:100]}")
    return row


def _checked(body: object) -> Json:
    """A group as it may be kept, without its members."""
    document = checked_object(body, without=frozenset({Groups.linked}))
    name = member(document, "displayName")
    if not isinstance(name, str) or not name.strip():
        raise bad_request("invalidValue", "displayName is mandatory for a group")
    return {"schemas": member(body, "schemas") or [CORE_GROUP], **document}
