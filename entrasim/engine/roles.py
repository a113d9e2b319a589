"""App roles, as expressions and targets know them."""

from __future__ import annotations

import msgspec


class _Role(msgspec.Struct):
    value: str


def role_name(role: str) -> str:
    """The value a role goes by, whether it is given as JSON or as that value alone.

    Entra sends the JSON as a text (learn.microsoft.com/entra/identity/app-provisioning/
    customize-application-attributes, "Provisioning a role to a SCIM app"); what a target
    gives back may be either.
    """
    try:
        return msgspec.json.decode(role, type=_Role).value
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        return role
