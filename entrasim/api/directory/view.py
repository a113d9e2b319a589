"""The objects of a tenant at one moment, found as Graph's paths name them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import overload

from entrasim.api.graph_error import not_found
from entrasim.api.odata.entity_type import Row
from entrasim.directory.fixture.graph_objects import GraphObject, GraphObjects, Kind

MOST_BESIDES = 20
"""The most objects that $expand brings along, as Graph has it."""


_MOST_GROUPS = 64


class View:
    """Who is there, who is whose manager, and who is in which group; the rest is on demand."""

    def __init__(self, objects: GraphObjects) -> None:
        self.objects = objects
        self._members = lru_cache(_MOST_GROUPS)(
            self._members_of
        )  # large ones are turned page by page

    @cached_property
    def users(self) -> list[Row]:
        """Those that are not in the recycle bin."""
        return [one.properties for one in self.objects.users.values() if not one.deleted]

    @cached_property
    def groups(self) -> list[Row]:
        """Those that are not in the recycle bin."""
        return [one.properties for one in self.objects.groups.values() if not one.deleted]

    def user(self, key: str) -> GraphObject:
        """The user of an id or UPN.

        Raises:
            GraphError: there is none outside the recycle bin.
        """
        known = self._users_called.get(key.casefold())
        if known is None:
            raise not_found("no user has this id or userPrincipalName", key)
        return self.objects.users[known]

    def group(self, key: str) -> GraphObject:
        """The group of an id.

        Raises:
            GraphError: there is none outside the recycle bin.
        """
        found = self.objects.groups.get(self._ids.get(key.casefold(), ""))
        if found is None or found.deleted:
            raise not_found("no group has this id", key)
        return found

    def any(self, key: str) -> GraphObject | None:
        """The object of an id, outside the recycle bin."""
        found = self.objects.find(self._ids.get(key.casefold(), ""))
        return None if found is None or found.deleted else found

    def deleted(self, key: str) -> GraphObject:
        """The object of an id in the recycle bin.

        Raises:
            GraphError: it holds none.
        """
        found = self.objects.find(self._ids.get(key.casefold(), ""))
        if found is None or not found.deleted:
            raise not_found("the recycle bin holds no such object", key)
        return found

    def there(self, ids: Iterable[str]) -> list[GraphObject]:
        """Those of the ids that are not in the recycle bin."""
        return [self._there[known] for known in ids if known in self._there]

    def reports_of(self, user: GraphObject) -> list[GraphObject]:
        """Whose manager somebody is."""
        return self.there(self._reports.get(user.id, ()))

    def groups_of(self, ids: Iterable[str], *, transitively: bool = False) -> list[GraphObject]:
        """The groups that any of these are in."""
        found = dict.fromkeys(group for known in ids for group in self._groups_of.get(known, ()))
        waiting = list(found)
        while transitively and waiting:
            for group in self._groups_of.get(waiting.pop(), ()):
                if group not in found:
                    found[group] = None
                    waiting.append(group)
        return self.there(found)

    def owners_of(self, _group: GraphObject) -> list[GraphObject]:
        """Nobody: a fixture tenant knows no owners, and clients ask for them nevertheless."""
        return []

    def members_of(self, group: GraphObject, *, transitively: bool = False) -> list[GraphObject]:
        """Who is in a group; those in its groups, too, if asked for."""
        return self._members(group.id, transitively)

    def _members_of(self, known: str, transitively: bool) -> list[GraphObject]:  # noqa: FBT001 - private
        found = dict.fromkeys(self.objects.groups[known].members)
        waiting = list(found) if transitively else []
        while waiting:
            inner = self.objects.groups.get(waiting.pop())
            for member in inner.members if inner is not None and not inner.deleted else ():
                if member not in found:
                    found[member] = None
                    waiting.append(member)
        return self.there(found)

    @cached_property
    def _there(self) -> dict[str, GraphObject]:
        kinds = (self.objects.users, self.objects.groups, self.objects.service_principals)
        return {known: one for kind in kinds for known, one in kind.items() if not one.deleted}

    @cached_property
    def _ids(self) -> dict[str, str]:
        kinds = (self.objects.users, self.objects.groups, self.objects.service_principals)
        return {known.casefold(): known for kind in kinds for known in kind}

    @cached_property
    def _users_called(self) -> dict[str, str]:
        there = [one for one in self.objects.users.values() if not one.deleted]
        called = {str(one.properties.get("userPrincipalName")).casefold(): one.id for one in there}
        return {**called, **{one.id.casefold(): one.id for one in there}}

    @cached_property
    def _reports(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for one in self.objects.users.values():
            if one.manager is not None:
                found[one.manager].append(one.id)
        return found

    @cached_property
    def _groups_of(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for group in self.objects.groups.values():
            for member in () if group.deleted else group.members:
                found[member].append(group.id)
        return found


class Typed(Sequence[Row]):
    """Objects of several kinds as rows that tell their kind, each made when it is looked at."""

    def __init__(self, found: Sequence[GraphObject]) -> None:
        self._found = found

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        if isinstance(at, slice):
            return Typed(self._found[at])
        return typed(self._found[at])


def typed(one: GraphObject) -> Row:
    """An object as a row that tells its kind."""
    return {"@odata.type": type_name(one.kind), **one.properties}


def type_name(kind: Kind) -> str:
    """How Graph writes a kind of object."""
    return f"#microsoft.graph.{kind}"
