"""Groups.

Source: learn.microsoft.com/graph/api/resources/group and the pages of its methods
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from entrasim.api.directory import bodies, properties
from entrasim.api.directory.directory import Directory, check, check_there, row_of
from entrasim.api.directory.members import add_members
from entrasim.api.directory.paths import key_of, routed
from entrasim.api.directory.refusals import invalid
from entrasim.api.directory.types import group_type
from entrasim.api.graph_error import bad_request, not_found
from entrasim.api.odata import count, entity, options, page
from entrasim.api.odata.answers import root_url
from entrasim.api.sent import sent_object
from entrasim.directory.fixture import by_id
from entrasim.directory.fixture.edit import Edit
from entrasim.directory.fixture.graph_objects import graph_properties
from entrasim.directory.fixture.tables import Row
from entrasim.model.entry import ObjectType

_UNIFIED = "Unified"


class Groups:
    """What /groups answers, but for members."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def routes(self) -> list[BaseRoute]:
        """The paths, each with its methods."""
        return [
            *routed("/groups", GET=self._list, POST=self._create),
            *routed("/groups/$count", GET=self._count),
            *routed("/groups/{id}", GET=self._get, PATCH=self._update, DELETE=self._delete),
        ]

    async def _list(self, request: Request) -> Response:
        view = await self._directory.look()
        return await page(request, view.groups, group_type(view), context="groups")

    async def _count(self, request: Request) -> Response:
        view = await self._directory.look()
        return await count(request, view.groups, group_type(view))

    async def _get(self, request: Request) -> Response:
        view = await self._directory.look()
        group = view.group(key_of(request))
        return entity(request, group.properties, group_type(view), context="groups")

    async def _create(self, request: Request) -> Response:
        options.read(request, group_type(await self._directory.look()))
        body = await sent_object(request)
        bodies.require(body, properties.GROUP_OBLIGATORY, "group")
        given, members = await self._changes(body)
        _check_kind(given)
        at = by_id.written(self._directory.tenant.clock.now())

        def change(edit: Edit) -> Row:
            set_ones = {name: value for name, value in given.items() if value is not None}
            row: Row
            table, row = by_id.create(
                edit, ObjectType.GROUP, {"createdDateTime": at, "groupTypes": [], **set_ones}
            )
            for member in members:
                check_there(edit, member)
            by_id.add_members(edit, table, row, members)
            check(edit, ObjectType.GROUP, row)
            return graph_properties(row)

        made = await self._directory.edit(change)
        view = await self._directory.look()
        answer = entity(request, made, group_type(view), context="groups", status=201)
        answer.headers["Location"] = f"{root_url(request)}/groups/{made['id']}"
        return answer

    async def _update(self, request: Request) -> Response:
        body = await sent_object(request)
        known = (await self._directory.look()).group(key_of(request)).id
        given, members = await self._changes(body)

        def change(edit: Edit) -> None:
            table, row = row_of(edit, ObjectType.GROUP, known)
            edit.set(table, row, given)
            add_members(edit, known, members)
            check(edit, ObjectType.GROUP, row)

        await self._directory.edit(change)
        return Response(status_code=204)

    async def _delete(self, request: Request) -> Response:
        """Delete a group: one of Microsoft 365 waits in the recycle bin, a security group is gone.

        Source: learn.microsoft.com/graph/api/group-delete
        """
        known = (await self._directory.look()).group(key_of(request)).id
        now = self._directory.tenant.clock.now()

        def change(edit: Edit) -> None:
            table, row = row_of(edit, ObjectType.GROUP, known)
            if _UNIFIED in (row.get("groupTypes") or []):
                by_id.recycle(edit, table, row, now)
            else:
                by_id.purge(edit, known, ObjectType.GROUP, now)

        await self._directory.edit(change)
        return Response(status_code=204)

    async def _changes(self, body: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """The properties that a body sets, and the ids of the members that it binds.

        Owners are looked up and not kept: a fixture tenant knows none.
        """
        given = bodies.changes(body, properties.GROUP, properties.GROUP_READ_ONLY, "group")
        for name in properties.GROUP_OBLIGATORY:
            if name in given and given[name] is None:
                raise invalid(name, "group")
        view = await self._directory.look()
        found: dict[str, list[str]] = {}
        for name in ("members", "owners"):
            keys = bodies.references(body, name)
            objects = [view.any(key) for key in keys]
            missing = next((k for k, o in zip(keys, objects, strict=True) if o is None), None)
            if missing is not None:
                raise not_found(f"{name} refer to it", missing)
            found[name] = list(dict.fromkeys(one.id for one in objects if one is not None))
        return given, found["members"]


def _check_kind(given: dict[str, Any]) -> None:
    """See that Graph would make such a group.

    Raises:
        GraphError: a security group with mail, or one of Microsoft 365 without.
    """
    is_unified = _UNIFIED in (given.get("groupTypes") or [])
    if not is_unified and given["mailEnabled"]:
        raise bad_request(
            "The service does not currently support writes of mail-enabled groups. Please "
            "ensure that the mail-enablement property is unset and the security-enablement "
            "property is set."
        )
    if is_unified and not given["mailEnabled"]:
        raise bad_request("A mail-disabled group can't be of the type 'Unified'.")
    if not is_unified and not given["securityEnabled"]:
        raise invalid("securityEnabled", "group")
