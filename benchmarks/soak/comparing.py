"""The target's records in the model's words, and where the two differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.soak.model import GONE

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_PLAIN = ("externalId", "userName", "displayName", "title")
_NAMES = ("givenName", "familyName", "formatted")

Shown = dict[str, object]


@dataclass(frozen=True, slots=True)
class Difference:
    """A record that isn't what the rules say; None is no record."""

    name: str
    expected: Shown | None
    found: Shown | None

    @property
    def source_id(self) -> str:
        """Whose record it is, or should be."""
        return str((self.expected or self.found or {}).get("externalId"))

    @property
    def attributes(self) -> dict[str, tuple[object, object]]:
        """What differs: expected, found."""
        expected, found = self.expected or {}, self.found or {}
        names = sorted(expected.keys() | found.keys())
        pairs = {name: (expected.get(name), found.get(name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def differences(
    expected: Mapping[str, Shown],
    users: Iterable[Mapping[str, Any]],
    groups: Iterable[Mapping[str, Any]],
) -> list[Difference]:
    """Compare what must be with what is, by names that the target keeps unique."""
    users, groups = list(users), list(groups)
    names = {user["id"]: str(user["userName"]) for user in users}
    found = {names[user["id"]]: _user(user, names) for user in users}
    found |= {group["displayName"]: _group(group, names) for group in groups}
    return [
        Difference(name, expected.get(name), found.get(name))
        for name in sorted(expected.keys() | found.keys())
        if expected.get(name) != found.get(name)
    ]


def _user(user: Mapping[str, Any], names: Mapping[str, str]) -> Shown:
    extension = user.get(ENTERPRISE, {})
    shown: Shown = {name: user[name] for name in _PLAIN if name in user}
    shown |= {f"name.{k}": user["name"][k] for k in _NAMES if k in user.get("name", {})}
    shown |= {f"emails.{mail['type']}": mail["value"] for mail in user.get("emails", ())}
    shown |= {f"addresses.{a['type']}.locality": a["locality"] for a in user.get("addresses", ())}
    shown |= {f"phoneNumbers.{p['type']}": p["value"] for p in user.get("phoneNumbers", ())}
    shown |= {k: extension[k] for k in ("employeeNumber", "department") if k in extension}
    shown["active"] = user["active"]
    if manager := extension.get("manager", {}).get("value"):
        shown["manager"] = names.get(manager, GONE)
    return shown


def _group(group: Mapping[str, Any], names: Mapping[str, str]) -> Shown:
    members = sorted(names.get(member["id"], GONE) for member in group["members"])
    shown = {"externalId": group["externalId"], "displayName": group["displayName"]}
    return {**shown, "members": members}
