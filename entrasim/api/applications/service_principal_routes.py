"""Service principals: listed, shown, changed, made and deleted.

Source: learn.microsoft.com/graph/api/resources/serviceprincipal
"""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from entrasim.api.applications.bodies import changes, guid
from entrasim.api.applications.dismissing import dismiss_jobs
from entrasim.api.applications.finding import service_principal_of, tenant_of
from entrasim.api.applications.kinds import SERVICE_PRINCIPAL
from entrasim.api.applications.showing import Json, Shown, service_principal
from entrasim.api.directory.paths import routed
from entrasim.api.graph_error import GraphError, bad_request
from entrasim.api.odata import count, entity, page
from entrasim.api.sent import sent_object
from entrasim.api.surroundings import Surroundings
from entrasim.directory.fixture.edit import Edit
from entrasim.directory.fixture.graph_objects import GraphObject
from entrasim.directory.fixture.registering import change_application, unassign_all

_CONTEXT = "servicePrincipals"
_ONE = ("/servicePrincipals/{id}", "/servicePrincipals(appId='{app_id}')")
WRITABLE = frozenset(
    [
        "accountEnabled",
        "appRoleAssignmentRequired",
        "description",
        "displayName",
        "homepage",
        "loginUrl",
        "notes",
        "notificationEmailAddresses",
        "preferredSingleSignOnMode",
        "tags",
    ]
)


def service_principal_routes(around: Surroundings) -> list[BaseRoute]:
    """The routes of service principals themselves."""
    many = {"GET": partial(_list, around), "POST": partial(_make, around)}
    one = {
        "GET": partial(_show, around),
        "PATCH": partial(_change, around),
        "DELETE": partial(_delete, around),
    }
    return [
        *routed("/servicePrincipals", **many),
        *routed("/servicePrincipals/$count", GET=partial(_count, around)),
        *(route for path in _ONE for route in routed(path, **one)),
    ]


async def _list(around: Surroundings, request: Request) -> Response:
    return await page(request, await _rows(around), SERVICE_PRINCIPAL, context=_CONTEXT)


async def _count(around: Surroundings, request: Request) -> Response:
    return await count(request, await _rows(around), SERVICE_PRINCIPAL)


async def _rows(around: Surroundings) -> Shown[GraphObject]:
    tenant = tenant_of(around)
    found = [*(await tenant.objects()).service_principals.values()]
    return Shown(found, lambda one: service_principal(one.properties, tenant.id))


async def _show(around: Surroundings, request: Request) -> Response:
    tenant = tenant_of(around)
    found = service_principal_of(request, await tenant.objects())
    shown = service_principal(found.properties, tenant.id)
    return entity(request, shown, SERVICE_PRINCIPAL, context=_CONTEXT)


async def _make(around: Surroundings, request: Request) -> Response:
    """A service principal for an application that has none yet."""
    tenant = tenant_of(around)
    body = await sent_object(request)
    app_id = guid(body, "appId")
    given = {name: value for name, value in body.items() if name != "appId"}
    properties = changes(given, SERVICE_PRINCIPAL, WRITABLE - {"displayName"})
    objects = await tenant.objects()
    _check_application(app_id, objects.applications, objects.service_principals)
    known = str(uuid4())

    def change(edit: Edit) -> None:
        told = {**properties, "id": known, "servicePrincipal": None}
        change_application(edit, tenant.applications, app_id, told)

    await tenant.edit(change)
    made = (await tenant.objects()).service_principals[known]
    shown = service_principal(made.properties, tenant.id)
    return entity(request, shown, SERVICE_PRINCIPAL, context=_CONTEXT, status=201)


def _check_application(
    app_id: str, applications: dict[str, GraphObject], principals: dict[str, GraphObject]
) -> None:
    if all(one.properties["appId"] != app_id for one in applications.values()):
        told = f"The appId '{app_id}' of the service principal does not reference a valid"
        raise bad_request(f"{told} application object.")
    if any(one.properties["appId"] == app_id for one in principals.values()):
        raise GraphError(
            409,
            "Request_MultipleObjectsWithSameKeyValue",
            "The service principal cannot be created, updated, or restored because the service "
            f"principal name {app_id} is already in use.",
        )


async def _change(around: Surroundings, request: Request) -> Response:
    tenant = tenant_of(around)
    properties = changes(await sent_object(request), SERVICE_PRINCIPAL, WRITABLE)
    found = service_principal_of(request, await tenant.objects())
    app_id = found.properties["appId"]
    await tenant.edit(lambda e: change_application(e, tenant.applications, app_id, properties))
    return Response(status_code=204)


async def _delete(around: Surroundings, request: Request) -> Response:
    """Delete a service principal with every assignment to it and every job made for it.

    Its application stays.
    """
    tenant = tenant_of(around)
    found = service_principal_of(request, await tenant.objects())
    await dismiss_jobs(around, tenant, found)

    def change(edit: Edit) -> None:
        application: Json = found.properties
        unassign_all(edit, tenant.applications, application)
        gone = {"servicePrincipal": False}
        change_application(edit, tenant.applications, application["appId"], gone)

    await tenant.edit(change)
    return Response(status_code=204)
