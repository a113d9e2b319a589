"""Who is a member of which group; a row each, whatever a group's size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import delete, text
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col, select

from entrasim.engagedly.documents import Json
from entrasim.engagedly.errors import bad_request
from entrasim.engagedly.resources import decoded, display_of, location
from entrasim.engagedly.tables import GroupRow, MembershipRow, PersonRow

_in_group, _of_member = col(MembershipRow.group_id), col(MembershipRow.member_id)
_JOINED_FIRST = text("engagedly_memberships.rowid")
_AT_ONCE = 500  # SQLite bounds how many values a statement may have


def members_of(
    session: Session, group_id: str, base_url: str, only: Iterable[str] = ()
) -> list[Json]:
    """A group's members as SCIM shows them, in the order they joined; or only some of them."""
    query = (
        select(MembershipRow.member_id, PersonRow.document, GroupRow.document)
        .join(PersonRow, col(PersonRow.id) == _of_member, isouter=True)
        .join(GroupRow, col(GroupRow.id) == _of_member, isouter=True)
        .where(_in_group == group_id)
        .order_by(_JOINED_FIRST)
    )
    for member_id in only:
        query = query.where(_of_member == member_id)
    return [
        _shown("Group" if person is None else "User", known, person or group, base_url)
        for known, person, group in session.exec(query)
    ]


def groups_of(session: Session, ids: list[str], base_url: str) -> dict[str, list[Json]]:
    """The groups that each is a direct member of (RFC 7643 §4.1.2), for those who are in any."""
    found: dict[str, list[Json]] = {}
    query = (
        select(MembershipRow.member_id, GroupRow.id, GroupRow.document)
        .join(GroupRow, col(GroupRow.id) == _in_group)
        .order_by(_JOINED_FIRST)
    )
    for some in _portions(ids):
        for member_id, known, held in session.exec(query.where(_of_member.in_(some))):
            group = {**_shown("Group", known, held, base_url), "type": "direct"}
            found.setdefault(member_id, []).append(group)
    return found


def join(session: Session, group_id: str, ids: list[str]) -> None:
    """Make people and groups members of a group; those who are already stay so.

    Raises:
        ScimError: 400 if one of them is not there, or is the group itself.
    """
    if group_id in ids:
        raise bad_request("invalidValue", "a group can't be its own member")
    for some in _portions(ids):
        for unknown in sorted(set(some) - _known(session, some)):
            raise bad_request("invalidValue", f"no user or group has the id {unknown[:100]}")
        rows = [{"group_id": group_id, "member_id": known} for known in some]
        session.execute(insert(MembershipRow).on_conflict_do_nothing(), rows)


def leave(session: Session, group_id: str, ids: list[str]) -> None:
    """Take members out of a group; those who are none are out already."""
    for some in _portions(ids):
        session.execute(delete(MembershipRow).where(_in_group == group_id, _of_member.in_(some)))


def clear(session: Session, group_id: str) -> None:
    """Take all members out of a group."""
    session.execute(delete(MembershipRow).where(_in_group == group_id))


def forget(session: Session, member_id: str) -> None:
    """Take somebody out of all groups."""
    session.execute(delete(MembershipRow).where(_of_member == member_id))


def _known(session: Session, ids: list[str]) -> set[str]:
    people = select(PersonRow.id).where(
        col(PersonRow.id).in_(ids), col(PersonRow.user_name).is_not(None)
    )
    groups = select(GroupRow.id).where(col(GroupRow.id).in_(ids))
    return {*session.exec(people), *session.exec(groups)}


def _portions(ids: list[str]) -> Iterator[list[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _shown(kind: str, known: str, document: str, base_url: str) -> Json:
    reference = location(kind, known, base_url)
    display = display_of(decoded(document))
    return {"value": known, "$ref": reference, "type": kind, "display": display}
