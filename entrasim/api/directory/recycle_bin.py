"""Deleted users and groups: listed, restored, deleted for good.

Source: learn.microsoft.com/graph/api/resources/directory and the pages of its methods
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from entrasim.api.directory.directory import Directory, check, row_of
from entrasim.api.directory.paths import NAMESPACES, Answer, key_of, routed
from entrasim.api.directory.types import DIRECTORY_OBJECT
from entrasim.api.directory.view import Typed, typed
from entrasim.api.graph_error import bad_request
from entrasim.api.odata import count, entity, page
from entrasim.directory.fixture import by_id
from entrasim.directory.fixture.edit import Edit
from entrasim.directory.fixture.graph_objects import GraphObject
from entrasim.model.entry import ObjectType

_PATH = "/directory/deletedItems"
_KINDS = ("user", "group", "application", "servicePrincipal")


class RecycleBin:
    """What /directory/deletedItems answers."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def routes(self) -> list[BaseRoute]:
        """The paths, each with its methods."""
        casts = [(f"{_PATH}/{space}{kind}", kind) for space in NAMESPACES for kind in _KINDS]
        return [
            *routed(_PATH, GET=self._without_cast),
            *(route for path, kind in casts for route in self._listed(path, kind)),
            *routed(f"{_PATH}/{{id}}/.restore", POST=self._restore),
            *routed(f"{_PATH}/{{id}}", GET=self._get, DELETE=self._purge),
        ]

    def _listed(self, path: str, kind: str) -> list[BaseRoute]:
        async def paged(request: Request) -> Response:
            rows = Typed(await self._deleted(kind))
            return await page(request, rows, DIRECTORY_OBJECT, context=f"{kind}s")

        async def counted(request: Request) -> Response:
            return await count(request, Typed(await self._deleted(kind)), DIRECTORY_OBJECT)

        one: dict[str, Answer] = {"GET": self._get, "DELETE": self._purge}
        return [
            *routed(f"{path}/$count", GET=counted),
            *routed(f"{path}/{{id}}", **one),
            *routed(path, GET=paged),
        ]

    async def _deleted(self, kind: str) -> list[GraphObject]:
        objects = (await self._directory.look()).objects
        kinds = {"user": objects.users, "group": objects.groups}
        return [one for one in kinds.get(kind, {}).values() if one.deleted]

    async def _without_cast(self, request: Request) -> Response:
        told = f"ask for {_PATH}/microsoft.graph.user or {_PATH}/microsoft.graph.group."
        raise bad_request(
            f"Direct queries to this resource type are not supported: {request.url.path} needs a "
            f"cast; {told}",
            "Request_UnsupportedQuery",
        )

    async def _get(self, request: Request) -> Response:
        found = (await self._directory.look()).deleted(key_of(request))
        return entity(request, typed(found), DIRECTORY_OBJECT, context="directoryObjects")

    async def _restore(self, request: Request) -> Response:
        found = (await self._directory.look()).deleted(key_of(request))
        kind = ObjectType(found.kind.capitalize())

        def change(edit: Edit) -> None:
            table, row = row_of(edit, kind, found.id, deleted=True)
            edit.set(table, row, {"deletedDateTime": None})
            check(edit, kind, row)

        await self._directory.edit(change)
        back = (await self._directory.look()).objects.find(found.id) or found
        return entity(request, typed(back), DIRECTORY_OBJECT, context="directoryObjects")

    async def _purge(self, request: Request) -> Response:
        found = (await self._directory.look()).deleted(key_of(request))
        kind, now = ObjectType(found.kind.capitalize()), self._directory.tenant.clock.now()

        def change(edit: Edit) -> None:
            row_of(edit, kind, found.id, deleted=True)
            by_id.purge(edit, found.id, kind, now)

        await self._directory.edit(change)
        return Response(status_code=204)
