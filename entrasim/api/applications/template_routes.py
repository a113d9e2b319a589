"""The template of an application that isn't in the gallery, and applications made from it.

Source: learn.microsoft.com/graph/api/resources/applicationtemplate and
…/applicationtemplate-instantiate
"""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from entrasim.api.applications.app_roles import roles_of_no_gallery
from entrasim.api.applications.bodies import display_name
from entrasim.api.applications.finding import tenant_of
from entrasim.api.applications.kinds import APPLICATION, APPLICATION_TEMPLATE, SERVICE_PRINCIPAL
from entrasim.api.applications.showing import Json, application, service_principal
from entrasim.api.directory.paths import key_of, routed
from entrasim.api.graph_error import not_found
from entrasim.api.odata import EntityType, GraphJson, entity, page
from entrasim.api.odata.answers import context_url
from entrasim.api.sent import sent_object
from entrasim.api.summaries import moment
from entrasim.api.surroundings import Surroundings
from entrasim.directory.fixture.graph_objects import registration_id
from entrasim.directory.fixture.registering import register

NON_GALLERY = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"

_CONTEXT = "applicationTemplates"
_TEMPLATES: list[Json] = [
    {
        "id": NON_GALLERY,
        "displayName": "Custom",
        "supportedSingleSignOnModes": ["password", "saml", "external"],
        "supportedProvisioningTypes": ["sync"],
    }
]
_TAGS = [
    "WindowsAzureActiveDirectoryCustomSingleSignOnApplication",
    "WindowsAzureActiveDirectoryIntegratedApp",
]


def template_routes(around: Surroundings) -> list[BaseRoute]:
    """The routes of templates; the only one is that of applications of no gallery."""
    return [
        *routed("/applicationTemplates", GET=_list),
        *routed("/applicationTemplates/{id}", GET=_show),
        *routed("/applicationTemplates/{id}/.instantiate", POST=partial(_instantiate, around)),
    ]


async def _list(request: Request) -> Response:
    return await page(request, _TEMPLATES, APPLICATION_TEMPLATE, context=_CONTEXT)


async def _show(request: Request) -> Response:
    return entity(request, _template(request), APPLICATION_TEMPLATE, context=_CONTEXT)


async def _instantiate(around: Surroundings, request: Request) -> Response:
    tenant = tenant_of(around)
    template = _template(request)
    known = str(uuid4())
    row: Json = {
        "id": known,
        "appId": str(uuid4()),
        "displayName": display_name(await sent_object(request), APPLICATION),
        "applicationTemplateId": template["id"],
        "appRoleAssignmentRequired": True,
        "appRoles": roles_of_no_gallery(),
        "createdDateTime": moment(tenant.clock.now().replace(microsecond=0)),
        "tags": _TAGS,
    }
    await tenant.edit(lambda edit: register(edit, tenant.applications, dict(row)))
    objects = await tenant.objects()
    principal = objects.service_principals[known].properties
    registered = objects.applications[registration_id(row["appId"])].properties
    body = {
        "@odata.context": context_url(request, "microsoft.graph.applicationServicePrincipal"),
        "application": _whole(application(registered), APPLICATION),
        "servicePrincipal": _whole(service_principal(principal, tenant.id), SERVICE_PRINCIPAL),
    }
    return GraphJson(body, 201)


def _template(request: Request) -> Json:
    known = key_of(request)
    for template in _TEMPLATES:
        if template["id"] == known.lower():
            return template
    raise not_found("applicationTemplate", known)


def _whole(row: Json, kind: EntityType) -> Json:
    """An object with every property that Graph shows of it."""
    return {name: row.get(name, kind.empty(name)) for name in kind.properties}
