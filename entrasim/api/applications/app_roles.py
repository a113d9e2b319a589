"""The app roles that an application offers: what a new one has, and what may be set.

Source: learn.microsoft.com/graph/api/resources/approle
"""

from __future__ import annotations

from typing import Any

from entrasim.api.applications.bodies import invalid_value, is_guid
from entrasim.api.applications.kinds import APPLICATION
from entrasim.api.graph_error import GraphError

# learn.microsoft.com/graph/application-provisioning-configuration-api and
# …/application-saml-sso-configure-api show them in each application of no gallery.
_OF_NO_GALLERY = {
    "User": "18d14569-c3bd-439b-9a66-3a2aee01d14f",
    "msiam_access": "b9632174-c057-4f7e-951b-be3adc52bfe6",
}
_MEMBERS = {"User", "Application"}
_LONGEST = 256
_MOST = 1200
_TEXTS = ("displayName", "description", "value")


def roles_of_no_gallery() -> list[dict[str, Any]]:
    """The app roles of a new application that isn't from the gallery."""
    return [
        {
            "allowedMemberTypes": ["User"],
            "description": name,
            "displayName": name,
            "id": known,
            "isEnabled": True,
            "origin": "Application",
            "value": None,
        }
        for name, known in _OF_NO_GALLERY.items()
    ]


def checked(roles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """App roles that somebody sets.

    Raises:
        GraphError: one isn't sound, or two share an id or a value.
    """
    ids = [str(role.get("id")).lower() for role in roles]
    values = [role["value"] for role in roles if role.get("value")]
    if len(set(ids)) < len(ids) or len(set(map(str, values))) < len(values):
        raise _invalid("ids and values that no two roles share")
    if len(roles) > _MOST:
        raise _invalid(f"{_MOST} roles at most")
    for role in roles:
        _check(role)
    return roles


def _check(role: dict[str, Any]) -> None:
    if not is_guid(role.get("id")):
        raise _invalid("an id for each role, a GUID")
    for name in _TEXTS:
        text = role.get(name)
        if text is not None and (not isinstance(text, str) or len(text) > _LONGEST):
            raise _invalid(f"as {name} a text of {_LONGEST} characters at most")
    if not role.get("displayName"):
        raise _invalid("a displayName for each role")
    members = role.get("allowedMemberTypes")
    if not isinstance(members, list) or not members or not _MEMBERS.issuperset(map(str, members)):
        raise _invalid('as allowedMemberTypes "User", "Application" or both')
    if not isinstance(role.get("isEnabled", True), bool):
        raise _invalid("as isEnabled true or false")


def _invalid(expected: str) -> GraphError:
    return invalid_value("appRoles", APPLICATION, expected)
