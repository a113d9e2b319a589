"""Who is assigned to which application, seen from either side.

Source: learn.microsoft.com/graph/api/serviceprincipal-list-approleassignedto,
…/user-list-approleassignments and …/group-list-approleassignments
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from entrasim.api.applications.finding import group_of, service_principal_of, tenant_of, user_of
from entrasim.api.applications.granting import Granting
from entrasim.api.applications.kinds import APP_ROLE_ASSIGNMENT
from entrasim.api.applications.showing import Json, Shown, assignment
from entrasim.api.directory.paths import key_of, routed
from entrasim.api.graph_error import not_found
from entrasim.api.odata import count, entity, page
from entrasim.api.sent import sent_object
from entrasim.api.surroundings import Surroundings
from entrasim.directory.fixture.edit import Edit
from entrasim.directory.fixture.graph_objects import GraphAssignment, GraphObject, GraphObjects

_CONTEXT = "appRoleAssignments"


class _Side(NamedTuple):
    """One side from which assignments are seen.

    Attributes:
        path: where they are listed.
        owner: the object that a request's path means.
        fixed: the member of an assignment that the path says.
    """

    path: str
    owner: Callable[[Request, GraphObjects], GraphObject]
    fixed: str
    can_be_given: bool = True


_SIDES = (
    _Side("/servicePrincipals/{id}/appRoleAssignedTo", service_principal_of, "resourceId"),
    _Side(
        "/servicePrincipals(appId='{app_id}')/appRoleAssignedTo", service_principal_of, "resourceId"
    ),
    _Side("/users/{id}/appRoleAssignments", user_of, "principalId"),
    _Side("/groups/{id}/appRoleAssignments", group_of, "principalId"),
    _Side(
        "/servicePrincipals/{id}/appRoleAssignments",
        service_principal_of,
        "principalId",
        can_be_given=False,
    ),
)


def assignment_routes(around: Surroundings) -> list[BaseRoute]:
    """Listing, giving and taking back, on each side."""
    return [route for side in _SIDES for route in _routes(around, side)]


def _routes(around: Surroundings, side: _Side) -> list[BaseRoute]:
    one = f"{side.path}/{{assignment_id}}"
    many = {"GET": partial(_list, around, side)}
    single = {"GET": partial(_show, around, side)}
    if side.can_be_given:
        many["POST"] = partial(_give, around, side)
        single["DELETE"] = partial(_take_back, around, side)
    return [
        *routed(f"{side.path}/$count", GET=partial(_count, around, side)),
        *routed(one, **single),
        *routed(side.path, **many),
    ]


async def _list(around: Surroundings, side: _Side, request: Request) -> Response:
    rows = await _seen(around, side, request)
    return await page(request, rows, APP_ROLE_ASSIGNMENT, context=_CONTEXT)


async def _count(around: Surroundings, side: _Side, request: Request) -> Response:
    return await count(request, await _seen(around, side, request), APP_ROLE_ASSIGNMENT)


async def _show(around: Surroundings, side: _Side, request: Request) -> Response:
    known = key_of(request, "assignment_id")
    for row in await _seen(around, side, request):
        if row["id"] == known:
            return entity(request, row, APP_ROLE_ASSIGNMENT, context=_CONTEXT)
    raise not_found("appRoleAssignment", known)


async def _give(around: Surroundings, side: _Side, request: Request) -> Response:
    tenant = tenant_of(around)
    body = await sent_object(request)

    def change(edit: Edit) -> Json:
        granting = Granting(edit, tenant.applications)
        return granting.grant(body, _fixed(granting, side, request), tenant.clock.now())

    made = await tenant.edit(change)
    return entity(request, made, APP_ROLE_ASSIGNMENT, context=_CONTEXT, status=201)


async def _take_back(around: Surroundings, side: _Side, request: Request) -> Response:
    tenant = tenant_of(around)
    known = key_of(request, "assignment_id")

    def change(edit: Edit) -> None:
        granting = Granting(edit, tenant.applications)
        granting.revoke(known, _fixed(granting, side, request))

    await tenant.edit(change)
    return Response(status_code=204)


def _fixed(granting: Granting, side: _Side, request: Request) -> dict[str, str]:
    """What the path says of an assignment."""
    objects = granting.glance(key_of(request) if "id" in request.path_params else "")
    return {side.fixed: side.owner(request, objects).id}


async def _seen(around: Surroundings, side: _Side, request: Request) -> Shown[GraphAssignment]:
    objects = await tenant_of(around).objects()
    owner = side.owner(request, objects)
    found = _of_resource(owner, objects) if side.fixed == "resourceId" else _of(owner, objects)
    return Shown(found, partial(assignment, objects=objects))


def _of_resource(owner: GraphObject, objects: GraphObjects) -> Sequence[GraphAssignment]:
    """Those to an application, but for principals in the recycle bin."""
    return [
        one
        for one in objects.assignments.values()
        if one.resource_id == owner.id and not _is_gone(one, objects)
    ]


def _of(owner: GraphObject, objects: GraphObjects) -> Sequence[GraphAssignment]:
    """Those of a principal; for a user those of the groups they are directly in, too."""
    principals = {owner.id}
    if owner.kind == "user":
        groups = objects.groups.values()
        principals |= {one.id for one in groups if owner.id in one.members and not one.deleted}
    return [one for one in objects.assignments.values() if one.principal_id in principals]


def _is_gone(one: GraphAssignment, objects: GraphObjects) -> bool:
    principal = objects.find(one.principal_id)
    return principal is None or principal.deleted
