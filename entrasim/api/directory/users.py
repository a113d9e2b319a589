"""Users, their managers and reports.

Source: learn.microsoft.com/graph/api/resources/user and the pages of its methods
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from entrasim.api.directory import bodies, properties
from entrasim.api.directory.directory import Directory, check, check_there, row_of
from entrasim.api.directory.paths import key_of, routed
from entrasim.api.directory.refusals import invalid
from entrasim.api.directory.types import DIRECTORY_OBJECT, user_type
from entrasim.api.directory.view import typed
from entrasim.api.graph_error import not_found
from entrasim.api.odata import count, entity, options, page
from entrasim.api.odata.answers import root_url
from entrasim.api.sent import sent_object
from entrasim.directory.fixture import by_id
from entrasim.directory.fixture.edit import Edit
from entrasim.directory.fixture.graph_objects import GraphObject, graph_properties
from entrasim.directory.fixture.tables import Row
from entrasim.model.entry import ObjectType

_UPN = "userPrincipalName"


class Users:
    """What /users answers."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def routes(self) -> list[BaseRoute]:
        """The paths, each with its methods."""
        return [
            *routed("/users", GET=self._list, POST=self._create),
            *routed("/users/$count", GET=self._count),
            *routed("/users/{id}", GET=self._get, PATCH=self._update, DELETE=self._delete),
            *routed("/users/{id}/manager", GET=self._manager),
            *routed(
                "/users/{id}/manager/$ref",
                GET=self._manager_reference,
                PUT=self._set_manager,
                DELETE=self._no_manager,
            ),
        ]

    async def _list(self, request: Request) -> Response:
        view = await self._directory.look()
        return await page(request, view.users, user_type(view), context="users")

    async def _count(self, request: Request) -> Response:
        view = await self._directory.look()
        return await count(request, view.users, user_type(view))

    async def _get(self, request: Request) -> Response:
        view = await self._directory.look()
        user = view.user(key_of(request))
        return entity(request, user.properties, user_type(view), context="users")

    async def _create(self, request: Request) -> Response:
        options.read(request, user_type(await self._directory.look()))
        body = await sent_object(request)
        bodies.require(body, properties.USER_OBLIGATORY, "user")
        given, manager = await self._changes(body)
        at = by_id.written(self._directory.tenant.clock.now())

        def change(edit: Edit) -> Row:
            told = {"createdDateTime": at, "userType": "Member", **given}
            set_ones = {name: value for name, value in told.items() if value not in (None, [])}
            table, row = by_id.create(edit, ObjectType.USER, set_ones)
            if manager is not None:
                check_there(edit, manager)
                by_id.set_manager(edit, table, row, manager)
            check(edit, ObjectType.USER, row)
            return graph_properties(row)

        made = await self._directory.edit(change)
        view = await self._directory.look()
        answer = entity(request, made, user_type(view), context="users", status=201)
        answer.headers["Location"] = f"{root_url(request)}/users/{made['id']}"
        return answer

    async def _update(self, request: Request) -> Response:
        body = await sent_object(request)
        view = await self._directory.look()
        known = view.user(key_of(request)).id
        given, manager = await self._changes(body)

        def change(edit: Edit) -> None:
            table, row = row_of(edit, ObjectType.USER, known)
            if _UPN in given:
                row.pop("originalUserPrincipalName", None)
            edit.set(table, row, {n: None if value == [] else value for n, value in given.items()})
            if manager is not None:
                check_there(edit, manager)
                by_id.set_manager(edit, table, row, manager)
            check(edit, ObjectType.USER, row)

        await self._directory.edit(change)
        return Response(status_code=204)

    async def _delete(self, request: Request) -> Response:
        known = (await self._directory.look()).user(key_of(request)).id
        now = self._directory.tenant.clock.now()

        def change(edit: Edit) -> None:
            by_id.recycle(edit, *row_of(edit, ObjectType.USER, known), now)

        await self._directory.edit(change)
        return Response(status_code=204)

    async def _manager(self, request: Request) -> Response:
        found = typed(await self._manager_of(request))
        return entity(request, found, DIRECTORY_OBJECT, context="directoryObjects")

    async def _manager_reference(self, request: Request) -> Response:
        manager = await self._manager_of(request)
        url = f"{root_url(request)}/directoryObjects/{manager.id}/Microsoft.DirectoryServices.User"
        return bodies.link(request, url)

    async def _manager_of(self, request: Request) -> GraphObject:
        view = await self._directory.look()
        user = view.user(key_of(request))
        found = view.there([user.manager] if user.manager else [])
        if not found:
            raise not_found("the user has no manager", "manager")
        return found[0]

    async def _set_manager(self, request: Request) -> Response:
        view = await self._directory.look()
        known = view.user(key_of(request)).id
        named = bodies.reference((await sent_object(request)).get("@odata.id"))
        await self._put_manager(known, view.user(named).id)
        return Response(status_code=204)

    async def _no_manager(self, request: Request) -> Response:
        known = (await self._directory.look()).user(key_of(request)).id
        await self._put_manager(known, None)
        return Response(status_code=204)

    async def _put_manager(self, known: str, manager: str | None) -> None:
        def change(edit: Edit) -> None:
            if manager is not None:
                check_there(edit, manager)
            by_id.set_manager(edit, *row_of(edit, ObjectType.USER, known), manager)

        await self._directory.edit(change)

    async def _changes(self, body: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
        """The properties that a body sets, and the id of the manager it binds."""
        given = bodies.changes(body, properties.USER, properties.USER_READ_ONLY, "user")
        for name in properties.USER_OBLIGATORY:
            if name in given and given[name] is None:
                raise invalid(name, "user")
        local, at, domain = str(given.get(_UPN, "a@b")).rpartition("@")
        if not (local and at and domain) or any(c.isspace() for c in local + domain):
            raise invalid(_UPN, "user")
        bound = body.get("manager@odata.bind")
        if bound is None:
            return given, None
        view = await self._directory.look()
        return given, view.user(bodies.reference(bound)).id
