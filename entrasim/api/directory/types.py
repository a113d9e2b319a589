"""The kinds of objects that queries are about, and what $expand finds at their ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from entrasim.api.directory import properties
from entrasim.api.directory.view import MOST_BESIDES, Typed, View, typed
from entrasim.api.odata import EntityType, Expansion, expanded
from entrasim.api.odata.entity_type import Row
from entrasim.directory.fixture.graph_objects import GraphObject

_REFUSED = frozenset({"$skip", "contains"})

Find = Callable[[View, GraphObject], Sequence[GraphObject]]

_OF_USERS: dict[str, Find] = {
    "directReports": lambda view, one: view.reports_of(one),
    "memberOf": lambda view, one: view.groups_of([one.id]),
    "transitiveMemberOf": lambda view, one: view.groups_of([one.id], transitively=True),
}
_OF_GROUPS: dict[str, Find] = {
    "owners": lambda view, one: view.owners_of(one),
    "members": lambda view, one: view.members_of(one),
    "transitiveMembers": lambda view, one: view.members_of(one, transitively=True),
    "memberOf": lambda view, one: view.groups_of([one.id]),
    "transitiveMemberOf": lambda view, one: view.groups_of([one.id], transitively=True),
}

_PLAIN_USER = EntityType(
    name="user",
    properties=properties.USER,
    shown=properties.USER_SHOWN,
    expands={"manager": lambda _row, _expansion: None},
    refuses=_REFUSED,
)
_PLAIN_GROUP = EntityType(
    name="group", properties=properties.GROUP, shown=properties.GROUP_SHOWN, refuses=_REFUSED
)
DIRECTORY_OBJECT = EntityType(
    name="directoryObject",
    properties=properties.together(properties.USER, properties.GROUP, properties.SERVICE_PRINCIPAL),
    kinds={
        "#microsoft.graph.user": _PLAIN_USER,
        "#microsoft.graph.group": _PLAIN_GROUP,
        "#microsoft.graph.servicePrincipal": EntityType(
            name="servicePrincipal", properties=properties.SERVICE_PRINCIPAL
        ),
    },
    refuses=_REFUSED,
)
"""A user, group or service principal; rows tell by `@odata.type` which."""


def user_type(view: View) -> EntityType:
    """A user, whose manager, reports and groups can be expanded."""
    many = {name: _many(view, view.objects.users, find) for name, find in _OF_USERS.items()}

    def manager(row: Row, expansion: Expansion) -> object:
        return _manager(view, row, expansion, frozenset())

    return EntityType(
        name="user",
        properties=properties.USER,
        shown=properties.USER_SHOWN,
        expands={**many, "manager": manager},
        refuses=_REFUSED,
    )


def group_type(view: View) -> EntityType:
    """A group, whose members and groups can be expanded."""
    return EntityType(
        name="group",
        properties=properties.GROUP,
        shown=properties.GROUP_SHOWN,
        expands={name: _many(view, view.objects.groups, find) for name, find in _OF_GROUPS.items()},
        refuses=_REFUSED,
    )


def _many(
    view: View, kind: dict[str, GraphObject], find: Find
) -> Callable[[Row, Expansion], object]:
    def at_the_end(row: Row, expansion: Expansion) -> object:
        found = Typed(find(view, kind[row["id"]])[: min(expansion.top or 20, MOST_BESIDES)])
        return [expanded(one, expansion, DIRECTORY_OBJECT) for one in found]

    return at_the_end


def _manager(view: View, row: Row, expansion: Expansion, below: frozenset[str]) -> object:
    """Somebody's manager, and the managers above as far as levels are asked for."""
    user = view.objects.users[row["id"]]
    above = view.there([user.manager] if user.manager else [])
    if not above or above[0].id in below:
        return None
    found = expanded(typed(above[0]), expansion, _PLAIN_USER)
    if expansion.levels != 1 and len(below) < MOST_BESIDES:
        levels = expansion.levels - 1 if expansion.levels > 0 else expansion.levels
        further = Expansion(name="manager", select=expansion.select, levels=levels)
        found["manager"] = _manager(view, above[0].properties, further, below | {user.id})
    return found
