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
    ObjectType,
    Presence,
    Value,
)

Json = Mapping[str, Any]

_EMPTY = ("", ())
_EXTERNAL = "#EXT#@"
_NO_PROPERTIES = frozenset({"manager", "members", "deletedDateTime"})


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
        properties=_properties(json),
        references=dict(_references(json)),
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


def _properties(json: Json) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, value in _flattened(json):
        if value is None:
            continue
        known = RENAMED.get(name)
        checked = _checked(name, known or name, value)
        if checked is None or checked in _EMPTY:
            continue
        if known is None:
            found[name] = checked
        else:
            found.setdefault(known, checked)  # the provisioning service's own name wins
    _guest(found)
    return found


def _guest(found: dict[str, Value]) -> None:
    """Give a guest's own address as the user principal name.

    `alias_domain#EXT#@tenant` stands for `alias@domain`; the whole of it stays in
    originalUserPrincipalName (learn.microsoft.com/entra/identity/app-provisioning/
    define-conditional-rules-for-provisioning-user-accounts).
    """
    name = str(found.get("userPrincipalName", ""))
    invited, mark, _ = name.partition(_EXTERNAL)
    alias, at, domain = invited.rpartition("_")
    if mark and at:
        found.setdefault("originalUserPrincipalName", name)
        found["userPrincipalName"] = f"{alias}@{domain}"


def _flattened(json: Json) -> Iterator[tuple[str, object]]:
    for name, value in json.items():
        if name in _NO_PROPERTIES or "@" in name:
            continue
        if name == "onPremisesExtensionAttributes" and isinstance(value, Mapping):
            yield from value.items()
        elif name == "employeeOrgData" and isinstance(value, Mapping):
            yield from ((f"{name}.{part}", inner) for part, inner in value.items())
        else:
            yield name, value


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
        return tuple(value) if all(isinstance(part, str) for part in value) else None
    return value if isinstance(value, str | bool | int) else None


def _references(json: Json) -> Iterator[tuple[str, tuple[str, ...]]]:
    manager = json.get("manager")
    if manager is not None:
        yield "manager", (_reference(manager, "manager"),)
    members = json.get("members")
    if members is not None:
        if not isinstance(members, list):
            raise MalformedError('members must be a list of {"id": …}')
        yield "members", tuple(dict.fromkeys(_reference(m, "members") for m in members))


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
    except ValueError:
        raise MalformedError(f"{name} must be a date and time, not {value!r:.60}") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _text_of(json: Json, name: str) -> str:
    value = json.get(name)
    if isinstance(value, str) and value:
        return value
    raise MalformedError(f"{name} must be a text, not {value!r:.60}")
