"""The company as its directory holds it: people, groups, assignments, in a folder of files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

RECYCLE_BIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the directory; None is an attribute without a value."""

    id: str
    upn: str
    mail: str | None
    given_name: str
    surname: str
    title: str | None
    department: str | None
    city: str | None
    mobile: str | None
    employee_id: str
    manager: str | None = None
    enabled: bool = True
    deleted_at: datetime | None = None

    @property
    def display_name(self) -> str:
        """First name and last name."""
        return f"{self.given_name} {self.surname}"


@dataclass(frozen=True, slots=True)
class Group:
    """A group, and the ids of the people in it."""

    id: str
    name: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody sees who reads the directory at one moment."""

    people: Mapping[str, Person]
    groups: Mapping[str, Group]
    assigned: frozenset[str]

    def entitled(self) -> frozenset[str]:
        """Who is assigned, directly or as a direct member of an assigned group; and the groups."""
        groups = [self.groups[known] for known in self.assigned if known in self.groups]
        return self.assigned.union(*(group.members for group in groups))


@dataclass(slots=True)
class Tenant:
    """The directory itself; edits replace whole objects."""

    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    assigned: set[str] = field(default_factory=set)
    purged: dict[str, str] = field(default_factory=dict)

    def reading(self) -> Reading:
        """What a reader would see now."""
        return Reading(dict(self.people), dict(self.groups), frozenset(self.assigned))

    def purge(self, known: str) -> None:
        """Take an object out for good, and every reference to it."""
        kind = "User" if self.people.pop(known, None) else "Group"
        self.groups.pop(known, None)
        self.assigned.discard(known)
        self.purged[known] = kind
        for person in [p for p in self.people.values() if p.manager == known]:
            self.people[person.id] = replace(person, manager=None)
        for group in [g for g in self.groups.values() if known in g.members]:
            self.set_members(group.id, (m for m in group.members if m != known))

    def set_members(self, group: str, members: Iterable[str]) -> None:
        """Put others into a group."""
        self.groups[group] = replace(self.groups[group], members=tuple(members))

    def write(self, folder: Path) -> None:
        """Write Graph's JSON, as an export of the tenant would."""
        write(folder, self.reading())
        stones = [{"id": known, "objectType": kind} for known, kind in self.purged.items()]
        (folder / "purged.json").write_text(json.dumps(stones), encoding="utf-8")


def write(folder: Path, reading: Reading) -> None:
    """Write what a reader is to see; tombstones stay as they are."""
    folder.mkdir(exist_ok=True)
    assigned = [{"principalId": known} for known in sorted(reading.assigned)]
    files: dict[str, object] = {
        "users": [_user(person) for person in reading.people.values()],
        "groups": [_group(group) for group in reading.groups.values()],
        "appRoleAssignments": assigned,
    }
    for name, rows in files.items():
        (folder / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")


def _user(person: Person) -> dict[str, object]:
    row: dict[str, object] = {
        "id": person.id,
        "userPrincipalName": person.upn,
        "mail": person.mail,
        "displayName": person.display_name,
        "givenName": person.given_name,
        "surname": person.surname,
        "jobTitle": person.title,
        "department": person.department,
        "city": person.city,
        "mobilePhone": person.mobile,
        "employeeId": person.employee_id,
        "accountEnabled": person.enabled,
    }
    if person.manager is not None:
        row["manager"] = {"id": person.manager}
    if person.deleted_at is not None:
        row["deletedDateTime"] = person.deleted_at.isoformat()
    return row


def _group(group: Group) -> dict[str, object]:
    members = [{"id": member} for member in group.members]
    return {"id": group.id, "displayName": group.name, "members": members}
