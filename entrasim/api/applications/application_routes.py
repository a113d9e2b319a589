"""Application objects: what is registered, beside its service principal.

Source: learn.microsoft.com/graph/api/resources/application
"""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from entrasim.api.applications import app_roles
from entrasim.api.applications.bodies import changes, display_name
from entrasim.api.applications.dismissing import dismiss_jobs
from entrasim.api.applications.finding import application_of, tenant_of
from entrasim.api.applications.kinds import APPLICATION
from entrasim.api.applications.showing import Shown, application
from entrasim.api.directory.paths import routed
from entrasim.api.odata import count, entity, page
from entrasim.api.sent import sent_object
from entrasim.api.summaries import moment
from entrasim.api.surroundings import Surroundings
from entrasim.directory.fixture.edit import Edit
from entrasim.directory.fixture.graph_objects import GraphObject, registration_id
from entrasim.directory.fixture.registering import change_application, register, unassign_all

_CONTEXT = "applications"
_ONE = ("/applications/{id}", "/applications(appId='{app_id}')")
WRITABLE = frozenset(
    [
        "api",
        "appRoles",
        "description",
        "displayName",
        "groupMembershipClaims",
        "identifierUris",
        "notes",
        "publicClient",
        "requiredResourceAccess",
        "signInAudience",
        "spa",
        "tags",
        "web",
    ]
)


def application_routes(around: Surroundings) -> list[BaseRoute]:
    """The routes of application objects."""
    many = {"GET": partial(_list, around), "POST": partial(_make, around)}
    one = {
        "GET": partial(_show, around),
        "PATCH": partial(_change, around),
        "DELETE": partial(_delete, around),
    }
    return [
        *routed("/applications", **many),
        *routed("/applications/$count", GET=partial(_count, around)),
        *(route for path in _ONE for route in routed(path, **one)),
    ]


async def _list(around: Surroundings, request: Request) -> Response:
    return await page(request, await _rows(around), APPLICATION, context=_CONTEXT)


async def _count(around: Surroundings, request: Request) -> Response:
    return await count(request, await _rows(around), APPLICATION)


async def _rows(around: Surroundings) -> Shown[GraphObject]:
    found = [*(await tenant_of(around).objects()).applications.values()]
    return Shown(found, lambda one: application(one.properties))


async def _show(around: Surroundings, request: Request) -> Response:
    found = application_of(request, await tenant_of(around).objects())
    return entity(request, application(found.properties), APPLICATION, context=_CONTEXT)


async def _make(around: Surroundings, request: Request) -> Response:
    """Register an application; it has no service principal yet."""
    tenant = tenant_of(around)
    body = await sent_object(request)
    display_name(body, APPLICATION)
    properties = _checked(body)
    app_id = str(uuid4())
    row = {
        "appId": app_id,
        **{name: value for name, value in properties.items() if value is not None},
        "createdDateTime": moment(tenant.clock.now().replace(microsecond=0)),
        "servicePrincipal": False,
    }
    await tenant.edit(lambda edit: register(edit, tenant.applications, dict(row)))
    made = (await tenant.objects()).applications[registration_id(app_id)]
    shown = application(made.properties)
    return entity(request, shown, APPLICATION, context=_CONTEXT, status=201)


async def _change(around: Surroundings, request: Request) -> Response:
    tenant = tenant_of(around)
    properties = _checked(await sent_object(request))
    app_id = application_of(request, await tenant.objects()).properties["appId"]
    await tenant.edit(lambda e: change_application(e, tenant.applications, app_id, properties))
    return Response(status_code=204)


async def _delete(around: Surroundings, request: Request) -> Response:
    """Delete an application with its service principal, and every assignment to that and job."""
    tenant = tenant_of(around)
    objects = await tenant.objects()
    app_id = application_of(request, objects).properties["appId"]
    served = objects.service_principals.values()
    ours = next((one for one in served if one.properties["appId"] == app_id), None)
    if ours is not None:
        await dismiss_jobs(around, tenant, ours)
    gone = {"deletedDateTime": moment(tenant.clock.now().replace(microsecond=0))}

    def change(edit: Edit) -> None:
        if ours is not None:
            unassign_all(edit, tenant.applications, ours.properties)
        change_application(edit, tenant.applications, app_id, gone)

    await tenant.edit(change)
    return Response(status_code=204)


def _checked(body: dict[str, Any]) -> dict[str, Any]:
    found = changes(body, APPLICATION, WRITABLE)
    if found.get("appRoles"):
        found["appRoles"] = app_roles.checked(found["appRoles"])
    return found
