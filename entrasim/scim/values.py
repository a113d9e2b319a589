"""Values as they stand in JSON: texts, lists, and the roles of users.

Source for roles: learn.microsoft.com/entra/identity/app-provisioning/
customize-application-attributes, "Provisioning a role to a SCIM app".
"""

from __future__ import annotations

import msgspec

from entrasim.model.dialect import Dialect
from entrasim.model.entry import Value
from entrasim.scim.paths import ROLE_TYPE, Json, parse

PLURAL = frozenset(
    {
        "addresses",
        "emails",
        "entitlements",
        "groups",
        "ims",
        "phoneNumbers",
        "photos",
        "roles",
        "x509Certificates",
    }
)
"""The multi-valued attributes of RFC 7643 §4.1.2; their elements are objects."""


class _Role(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """A role as mappings hand it over."""

    id: str
    value: str
    display_name: str


def in_new_resource(attribute: str, value: Value, dialect: Dialect) -> object:
    """A value as a POST has it."""
    return _wired(attribute, value, dialect, roles_as="object")


def in_patch(attribute: str, value: Value, dialect: Dialect) -> object:
    """A value as a PATCH has it."""
    return _wired(attribute, value, dialect, roles_as=dialect.roles_as)


def is_plural(attribute: str) -> bool:
    """Whether an attribute is a list of objects by the standard, whatever a schema says."""
    path = parse(attribute)
    at_the_top = path.extension is None and path.is_simple and path.part is None
    return at_the_top and path.attribute in PLURAL


def _wired(attribute: str, value: Value, dialect: Dialect, *, roles_as: str) -> object:
    several = is_plural(attribute)
    if several and isinstance(value, str):
        value = (value,)
    if not isinstance(value, tuple):
        return value
    return (
        [_element(text, dialect, roles_as=roles_as) for text in value] if several else list(value)
    )


def _element(text: str, dialect: Dialect, *, roles_as: str) -> Json:
    """An element of a multi-valued attribute; all roles are sent as secondary ones."""
    try:
        role = msgspec.json.decode(text, type=_Role)
    except msgspec.MsgspecError:
        return {"value": text}
    if roles_as == "text":
        return {"value": text}
    made: Json = {"primary": False, "type": ROLE_TYPE}
    made[dialect.role_display] = role.display_name
    return {**made, "value": role.value}
