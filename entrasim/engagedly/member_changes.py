"""What a PATCH asks of a group's members, taken out of what it asks of the group besides."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from scim2_models.path import AttrPath, FilterNode, ValuePath
from sqlmodel import Session

from entrasim.engagedly import filtering, memberships
from entrasim.engagedly.documents import Json, member
from entrasim.engagedly.errors import bad_request
from entrasim.engagedly.patching import Operation

_CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:group"
_NAMES = frozenset({"members", f"{_CORE_GROUP}:members"})


class MemberChange(Struct, frozen=True):
    """A change of members.

    Attributes:
        word: add, replace or remove.
        ids: of whom; None for all of them.
        filtered: of whom besides, if it is a removal.
    """

    word: str
    ids: list[str] | None
    filtered: FilterNode | None = None


def taken_apart(operation: Operation) -> tuple[list[MemberChange], Operation | None]:
    """An operation's changes of members, and what is left of it.

    Raises:
        ScimError: 400 if members are written to in a way that nobody can follow.
    """
    path = operation.path
    if path is None:
        inner = operation.value.items()
        about = [value for name, value in inner if name.casefold() in _NAMES]
        others = {name: value for name, value in inner if name.casefold() not in _NAMES}
        changes = [MemberChange(operation.word, ids_in(value)) for value in about]
        return changes, replace(operation, value=others) if others else None
    if not _is_about_members(path):
        return [], operation
    return [_change(operation)], None


def carry_out(session: Session, group_id: str, change: MemberChange) -> None:
    """Change a group's members.

    Raises:
        ScimError: 400 if one who is to join is not there.
    """
    if change.filtered is not None:
        memberships.leave(session, group_id, _picked(session, group_id, change.filtered))
    elif change.ids is None:
        memberships.clear(session, group_id)
    elif change.word == "remove":
        memberships.leave(session, group_id, change.ids)
    else:
        if change.word == "replace":
            memberships.clear(session, group_id)
        memberships.join(session, group_id, change.ids)


def ids_in(value: Any) -> list[str]:  # noqa: ANN401 - any JSON
    """The ids in a list of members; one of them may stand by itself.

    Raises:
        ScimError: 400 if one is no object with an id as its value.
    """
    elements = value if isinstance(value, list) else [] if value is None else [value]
    ids = [member(element, "value") for element in elements]
    if not all(isinstance(known, str) for known in ids):
        raise bad_request("invalidValue", 'a member is an object: {"value": id}')
    return ids


def _is_about_members(path: Any) -> bool:  # noqa: ANN401 - one of the library's nodes
    place = path.attr_path if isinstance(path, ValuePath) else path
    return (
        isinstance(place, AttrPath)
        and place.attr.casefold() == "members"
        and (place.uri or _CORE_GROUP).casefold() == _CORE_GROUP
    )


def _change(operation: Operation) -> MemberChange:
    word, path, value = operation.word, operation.path, operation.value
    if path.sub_attr is not None:
        raise bad_request("mutability", "a member joins or leaves, and is not changed")
    if isinstance(path, ValuePath):
        if word != "remove":
            raise bad_request("invalidPath", "only a removal picks members by a filter")
        return MemberChange(word, None, path.val_filter)
    everybody = word == "remove" and value is None
    return MemberChange(word, None if everybody else ids_in(value))


def _picked(session: Session, group_id: str, node: FilterNode) -> list[str]:
    """The members whom a filter picks; one that names an id reads no other member."""
    search = filtering.taken_apart(node, {"value"})
    only = [known for _, known in search.equalities]
    found: list[Json] = memberships.members_of(session, group_id, "", only)
    return [element["value"] for element in found if search.picks(element)]
