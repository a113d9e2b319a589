"""Read a user, group or assignment as Microsoft Graph writes it.

Source: learn.microsoft.com/graph/api/resources/user, …/group, …/approleassignment
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from entrasim.model.attributes import BOOLEANS, RENAMED, TEXTS
from entrasim.model.entry import (
    DEFAULT_ACCESS,
    Anchor,
    AppRole,
    Assignment,
    Entry,
    EntryChange,
    ObjectType,
    Presence,
    ReferenceChange,
    Value,
)

Json = Mapping[str, Any]

_EXTERNAL = "#EXT#@"
_NO_PROPERTIES = frozenset({"manager", "members", "deletedDateTime"})
_INNER = {
    "onPremisesExtensionAttributes": [f"extensionAttribute{n}" for n in range(1, 16)],
    "employeeOrgData": ["costCenter", "division"],
}
_PROVISIONED = frozenset({"#microsoft.graph.user", "#microsoft.graph.group"})


class MalformedError(ValueError):
    """An object is not as Graph would write it; the text says which property, and why."""


def entry(json: Json, object_type: ObjectType) -> Entry:
    """Read a user or group.

    Both Graph's names of properties and the provisioning service's are understood; the
    latter win where both are given. Null and empty properties are absent. What is neither
    a scalar nor a list of texts is left out.

    Raises:
        MalformedError: a property has another type than Graph gives it.
    """
    deleted_at = _moment(json, "deletedDateTime")
    return Entry(
        anchor=Anchor(object_type, identity(json)),
        properties={name: value for name, value in _told(json).items() if value is not None},
        references=dict(_references(json)),
        presence=Presence.PRESENT if deleted_at is None else Presence.SOFT_DELETED,
        deleted_at=deleted_at,
    )


def change(json: Json, object_type: ObjectType) -> EntryChange:
    """Read an object of a delta: what changed of it, null being what was cleared.

    Of a user's managers the one that joined is the only one. Members that are neither users
    nor groups are left out, since nobody provisions them.

    Source: learn.microsoft.com/graph/delta-query-overview, "Resource representation in the
    delta query response"

    Raises:
        MalformedError: a property has another type than Graph gives it.
    """
    anchor = Anchor(object_type, identity(json))
    if (removed := json.get("@removed")) is not None:
        return EntryChange(anchor=anchor, presence=_fate(removed))
    deleted_at = _moment(json, "deletedDateTime")
    return EntryChange(
        anchor=anchor,
        properties=_told(json),
        references=dict(_reference_changes(json)),
        presence=Presence.PRESENT if deleted_at is None else Presence.SOFT_DELETED,
        deleted_at=deleted_at,
    )


def assignment(json: Json) -> Assignment:
    """Read an app role assignment; without a role it gives default access."""
    principal = _text_of(json, "principalId")
    role = json.get("appRoleId") or DEFAULT_ACCESS
    known = json.get("id") or f"{principal}/{role}"
    return Assignment(id=str(known), principal_id=principal, app_role_id=str(role))


def app_role(json: Json) -> AppRole:
    """Read an app role of a service principal; its id stands in for a value it lacks."""
    known = _text_of(json, "id")
    value = json.get("value") or json.get("displayName") or known
    told = {"id": known, "value": value, "displayName": json.get("displayName") or value}
    return AppRole(id=known, text=msgspec.json.encode(told).decode())


def identity(json: Json) -> str:
    """An object's id, in either spelling."""
    return _text_of(json, "objectId" if json.get("objectId") is not None else "id")


def service_name(name: str) -> str:
    """What the provisioning service calls a property of Graph."""
    return RENAMED.get(name, name)


def _told(json: Json) -> dict[str, Value]:
    """The properties that are told of; None is said of those that are empty."""
    found: dict[str, Value] = {}
    for name, value in _flattened(json):
        known = RENAMED.get(name, name)
        if type(value) is str and known not in BOOLEANS:  # most are, and 100,000 users have many
            checked: Value = value or None
        else:
            checked = _checked(name, known, value)
        if known == name and checked is not None:
            found[name] = checked  # the provisioning service's own name wins
        elif found.get(known) is None:
            found[known] = checked
    _guest(found)
    return found


def _guest(found: dict[str, Value]) -> None:
    """Give a guest's own address as the user principal name.

    `alias_domain#EXT#@tenant` stands for `alias@domain`; the whole of it stays in
    originalUserPrincipalName (learn.microsoft.com/entra/identity/app-provisioning/
    define-conditional-rules-for-provisioning-user-accounts).
    """
    if "userPrincipalName" not in found:
        return
    name = str(found["userPrincipalName"] or "")
    invited, mark, _ = name.partition(_EXTERNAL)
    alias, at, domain = invited.rpartition("_")
    if mark and at:
        found.setdefault("originalUserPrincipalName", name)
        found["userPrincipalName"] = f"{alias}@{domain}"
    else:
        found.setdefault("originalUserPrincipalName", None)


def _flattened(json: Json) -> Iterator[tuple[str, object]]:
    for name, value in json.items():
        if name in _NO_PROPERTIES or "@" in name:
            continue
        if name not in _INNER:
            yield name, value
            continue
        prefix = "employeeOrgData." * (name == "employeeOrgData")
        inner = dict.fromkeys(_INNER[name]) if value is None else value
        if isinstance(inner, Mapping):
            yield from ((prefix + part, told) for part, told in inner.items())


def _checked(name: str, known: str, value: Any) -> Value:  # noqa: ANN401 - any JSON
    """A property's value, if it is one that mappings can use."""
    if name == "businessPhones" and isinstance(value, list):
        value = value[0] if value else None
    if value is None:
        return None
    if known in TEXTS and not isinstance(value, str):
        raise MalformedError(f"{name} must be a text, not {value!r:.60}")
    if known in BOOLEANS and not isinstance(value, bool):
        raise MalformedError(f"{name} must be true or false, not {value!r:.60}")
    if isinstance(value, list):
        return tuple(value) or None if all(isinstance(part, str) for part in value) else None
    return value if value != "" and isinstance(value, str | bool | int) else None


def _references(json: Json) -> Iterator[tuple[str, tuple[str, ...]]]:
    manager = json.get("manager")
    if manager is not None:
        yield "manager", (_reference(manager, "manager"),)
    members = json.get("members")
    if members is not None:
        if not isinstance(members, list):
            raise MalformedError('members must be a list of {"id": …}')
        yield "members", tuple(dict.fromkeys(_reference(m, "members") for m in members))


def _reference_changes(json: Json) -> Iterator[tuple[str, ReferenceChange]]:
    for name, known in _references(json):
        yield name, ReferenceChange(joined=known, whole=True)
    if "manager" in json and json["manager"] is None:
        yield "manager", ReferenceChange(whole=True)
    for name in ("manager", "members"):
        told = json.get(f"{name}@delta")
        if told is None:
            continue
        if not isinstance(told, list):
            raise MalformedError(f'{name}@delta must be a list of {{"id": …}}')
        there = {_reference(item, name): _is_there(item) for item in told}
        joined = tuple(known for known, is_there in there.items() if is_there)
        left = tuple(known for known, is_there in there.items() if is_there is False)
        whole = name == "manager" and bool(joined)
        if joined or left:
            yield name, ReferenceChange(joined=joined, left=left, whole=whole)


def _is_there(item: Json) -> bool | None:
    """Whether somebody joined or left; None of what is never provisioned."""
    if item.get("@removed") is not None:
        return False
    return True if item.get("@odata.type") in {None, *_PROVISIONED} else None


def _fate(removed: object) -> Presence:
    """What became of an object that is removed: in the recycle bin, or gone for good."""
    reason = removed.get("reason") if isinstance(removed, Mapping) else None
    match reason:
        case "changed":
            return Presence.SOFT_DELETED
        case "deleted":
            return Presence.PURGED
        case _:
            raise MalformedError(f'@removed must give the reason "changed" or "deleted": {reason}')


def _reference(value: object, name: str) -> str:
    if isinstance(value, Mapping) and isinstance(value.get("id"), str) and value["id"]:
        return str(value["id"])
    raise MalformedError(f'{name} must be given as {{"id": …}}, not {value!r:.60}')


def _moment(json: Json, name: str) -> datetime | None:
    value = json.get(name)
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(str(value))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # at the very ends of time no zone fits
        raise MalformedError(f"{name} must be a date and time, not {value!r:.60}") from None


def _text_of(json: Json, name: str) -> str:
    value = json.get(name)
    if isinstance(value, str) and value:
        return value
    raise MalformedError(f"{name} must be a text, not {value!r:.60}")
