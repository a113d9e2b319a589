"""What is asked of Graph: exactly the properties that somebody needs, in Graph's spelling."""

from __future__ import annotations

from collections.abc import Iterable

from entrasim.model.attributes import RENAMED
from entrasim.model.entry import ObjectType

_GRAPHS = {theirs: ours for ours, theirs in RENAMED.items()}
_COMPUTED = {
    "IsSoftDeleted": "accountEnabled",
    "originalUserPrincipalName": "userPrincipalName",
    "appRoleAssignments": None,
}
_ALWAYS = {
    ObjectType.USER: ("id", "displayName", "userPrincipalName", "mail", "accountEnabled"),
    ObjectType.GROUP: ("id", "displayName", "members"),
}
_USERS_ONLY = frozenset({"accountEnabled", "userPrincipalName", "manager"})
NAVIGATION = frozenset({"manager", "members"})
"""What leads to other objects; no list gives it by `$select`, but a delta does."""


def selected(names: Iterable[str], object_type: ObjectType) -> tuple[str, ...]:
    """Graph's properties behind the provisioning service's attributes, and those always needed.

    Who somebody is, whether they may sign in, and who is in a group matters for any mapping.
    """
    found = {*_ALWAYS[object_type]}
    for name in names:
        known = _graph_name(name)
        if known is None or (object_type is ObjectType.GROUP and known in _USERS_ONLY):
            continue
        found.add(known)
    return tuple(sorted(found))


def plain(select: Iterable[str]) -> str:
    """The same for a list, which doesn't give other objects by `$select`."""
    return ",".join(name for name in select if name not in NAVIGATION)


def _graph_name(name: str) -> str | None:
    if name in _COMPUTED:
        return _COMPUTED[name]
    if name.startswith("extensionAttribute"):
        return "onPremisesExtensionAttributes"
    return _GRAPHS.get(name, name).partition(".")[0]
