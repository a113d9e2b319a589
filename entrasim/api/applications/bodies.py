"""What callers send of applications and assignments, checked before anything is changed."""

from __future__ import annotations

from collections.abc import Collection, Container
from typing import Any
from uuid import UUID

from entrasim.api.directory import bodies
from entrasim.api.graph_error import GraphError, bad_request
from entrasim.api.odata import EntityType

_LONGEST_NAME = 256


def changes(body: dict[str, Any], kind: EntityType, writable: Collection[str]) -> dict[str, Any]:
    """The properties that a body sets; null unsets one.

    Raises:
        GraphError: one is unknown, can't be set, or is of another type.
    """
    read_only = kind.properties.keys() - writable
    found = bodies.changes(body, kind.properties, read_only, kind.name)
    if "displayName" in found:
        found["displayName"] = display_name(found, kind)
    return found


def display_name(body: dict[str, Any], kind: EntityType) -> str:
    """The name that an application is given.

    Raises:
        GraphError: it has none that it could bear.
    """
    name = body.get("displayName")
    if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST_NAME:
        raise invalid_value("displayName", kind, f"a text of 1 to {_LONGEST_NAME} characters")
    return name


def guid(body: dict[str, Any], name: str, *, known: Container[str] = ()) -> str:
    """A GUID that a body must have, or one of the ids that are known, whatever they look like.

    Raises:
        GraphError: it is missing or no GUID.
    """
    value = body.get(name)
    if value is None or value == "":
        raise bad_request(f"One or more properties are invalid: {name} is required.")
    if isinstance(value, str) and value in known:
        return value
    if not is_guid(value):
        told = f"Cannot convert the literal '{str(value)[:80]}' to the expected type 'Edm.Guid'"
        raise bad_request(f"{told} ({name}).")
    return str(UUID(value))


def is_guid(value: object) -> bool:
    """Whether a value is a GUID as Graph writes them."""
    try:
        return isinstance(value, str) and str(UUID(value)) == value.lower()
    except ValueError:
        return False


def invalid_value(name: str, kind: EntityType, expected: str) -> GraphError:
    """Graph's answer to a value that a property can't have."""
    told = f"Invalid value specified for property '{name}' of resource '{kind.name}'"
    return bad_request(f"{told}; expected {expected}.")
