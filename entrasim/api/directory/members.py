"""Members of groups, and the groups that somebody is in.

Source: learn.microsoft.com/graph/api/group-list-members, …/group-post-members,
…/group-delete-members, …/user-list-memberof, …/directoryobject-getmembergroups
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from entrasim.api.directory import bodies
from entrasim.api.directory.directory import Directory, check_there, row_of
from entrasim.api.directory.paths import NAMESPACES, Answer, key_of, routed
from entrasim.api.directory.types import DIRECTORY_OBJECT
from entrasim.api.directory.view import Typed, View
from entrasim.api.graph_error import bad_request, not_found
from entrasim.api.odata import GraphJson, count, page
from entrasim.api.odata.answers import context_url
from entrasim.api.sent import sent_object
from entrasim.directory.fixture import by_id
from entrasim.directory.fixture.edit import Edit
from entrasim.directory.fixture.graph_objects import GraphObject
from entrasim.model.entry import ObjectType

Find = Callable[[View, str], Sequence[GraphObject]]

_KINDS = ("user", "group", "servicePrincipal")
_MOST_GROUPS = 20

_LISTS: dict[str, Find] = {
    "/groups/{id}/members": lambda view, key: view.members_of(view.group(key)),
    "/groups/{id}/transitiveMembers": lambda view, key: view.members_of(
        view.group(key), transitively=True
    ),
    "/groups/{id}/owners": lambda view, key: view.owners_of(view.group(key)),
    "/groups/{id}/memberOf": lambda view, key: view.groups_of([view.group(key).id]),
    "/groups/{id}/transitiveMemberOf": lambda view, key: view.groups_of(
        [view.group(key).id], transitively=True
    ),
    "/users/{id}/memberOf": lambda view, key: view.groups_of([view.user(key).id]),
    "/users/{id}/transitiveMemberOf": lambda view, key: view.groups_of(
        [view.user(key).id], transitively=True
    ),
    "/users/{id}/directReports": lambda view, key: view.reports_of(view.user(key)),
}


class Members:
    """What the navigation properties between users and groups answer."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def routes(self) -> list[BaseRoute]:
        """The paths, each with its methods."""
        return [
            *(route for path, find in _LISTS.items() for route in self._listed(path, find)),
            *routed("/groups/{id}/members/$ref", POST=self._add),
            *routed("/groups/{id}/members/{member}/$ref", DELETE=self._remove),
            *routed("/users/{id}/.getMemberGroups", POST=self._groups),
            *routed("/users/{id}/.checkMemberGroups", POST=self._check_groups),
        ]

    def _listed(self, path: str, find: Find) -> list[BaseRoute]:
        """A navigation property as a whole, and cast to each kind of objects; and their numbers."""
        casts = {f"/{space}{kind}": kind for space in NAMESPACES for kind in _KINDS}
        return [
            route
            for cast, kind in {"": None, **casts}.items()
            for route in (
                *routed(f"{path}{cast}/$count", GET=self._counted(find, kind)),
                *routed(f"{path}{cast}", GET=self._paged(find, kind)),
            )
        ]

    def _paged(self, find: Find, kind: str | None) -> Answer:
        async def answer(request: Request) -> Response:
            rows = Typed(await self._found(request, find, kind))
            context = "directoryObjects" if kind is None else f"{kind}s"
            return await page(request, rows, DIRECTORY_OBJECT, context=context)

        return answer

    def _counted(self, find: Find, kind: str | None) -> Answer:
        async def answer(request: Request) -> Response:
            rows = Typed(await self._found(request, find, kind))
            return await count(request, rows, DIRECTORY_OBJECT)

        return answer

    async def _found(self, request: Request, find: Find, kind: str | None) -> Sequence[GraphObject]:
        there = find(await self._directory.look(), key_of(request))
        return there if kind is None else [one for one in there if one.kind == kind]

    async def _add(self, request: Request) -> Response:
        view = await self._directory.look()
        group = view.group(key_of(request)).id
        key = bodies.reference((await sent_object(request)).get("@odata.id"))
        member = view.any(key)
        if member is None:
            raise not_found("@odata.id refers to it", key)
        await self._directory.edit(lambda edit: add_members(edit, group, [member.id]))
        return Response(status_code=204)

    async def _remove(self, request: Request) -> Response:
        view = await self._directory.look()
        group = view.group(key_of(request)).id
        key = key_of(request, "member")
        member = view.any(key)

        def change(edit: Edit) -> None:
            table, row = row_of(edit, ObjectType.GROUP, group)
            if member is None or not edit.drop_member(row, member.id):
                raise not_found("the group has no such member", key)
            edit.changed(table)

        await self._directory.edit(change)
        return Response(status_code=204)

    async def _groups(self, request: Request) -> Response:
        only_secure = (await sent_object(request)).get("securityEnabledOnly", False)
        if not isinstance(only_secure, bool):
            raise bad_request("securityEnabledOnly must be true or false.")
        found = await self._groups_of(request)
        ids = [g.id for g in found if not only_secure or g.properties.get("securityEnabled", True)]
        return _ids(request, ids)

    async def _check_groups(self, request: Request) -> Response:
        asked = (await sent_object(request)).get("groupIds")
        if not isinstance(asked, list) or not all(isinstance(one, str) for one in asked):
            raise bad_request("groupIds must be a list of ids.")
        if len(asked) > _MOST_GROUPS:
            raise bad_request(f"groupIds has {_MOST_GROUPS} ids at most.")
        wanted = {one.casefold() for one in asked}
        return _ids(
            request,
            [one.id for one in await self._groups_of(request) if one.id.casefold() in wanted],
        )

    async def _groups_of(self, request: Request) -> list[GraphObject]:
        view = await self._directory.look()
        return view.groups_of([view.user(key_of(request)).id], transitively=True)


def add_members(edit: Edit, group: str, members: Sequence[str]) -> None:
    """Add users and groups to a group by their ids.

    Raises:
        GraphError: one of them is in it already, or isn't there.
    """
    table, row = row_of(edit, ObjectType.GROUP, group)
    inside = {edit.meant(member) for member in row.get("members") or []}
    for member in members:
        check_there(edit, member)
        if member in inside:
            raise bad_request(
                "One or more added object references already exist for the following modified "
                "properties: 'members'."
            )
    by_id.add_members(edit, table, row, members)


def _ids(request: Request, ids: Iterable[str]) -> GraphJson:
    context = context_url(request, "Collection(Edm.String)")
    return GraphJson({"@odata.context": context, "value": list(ids)})
