"""The templates that jobs are made from.

Source: learn.microsoft.com/graph/api/resources/synchronization-synchronizationtemplate
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from entrasim.api.graph_error import bad_request, not_found
from entrasim.api.odata import EntityType, GraphJson, Shape, entity, page
from entrasim.api.odata.answers import context_url
from entrasim.api.synchronization.ground import Ground
from entrasim.config import document_of, schema_text

INTERVAL = timedelta(minutes=40)
"""How often the jobs run that are made from a template."""


class Template(Struct, frozen=True, kw_only=True):
    """A template: where a new job's schema comes from."""

    id: str
    factory_tag: str
    schema: str
    default: bool
    description: str

    @property
    def text(self) -> bytes:
        """Its synchronizationSchema as JSON."""
        return schema_text(self.schema, Path())[1]  # built in, so no folder is asked

    @property
    def document(self) -> dict[str, Any]:
        """Its synchronizationSchema."""
        found = document_of(self.text, self.id)
        assert isinstance(found, dict)  # noqa: S101 - it is one of the package's own
        return found


TEMPLATES = {
    template.id: template
    for template in (
        Template(
            id="customappsso",
            factory_tag="customappsso",
            schema="scim",
            default=True,
            description="A non-gallery application that speaks SCIM 2.0",
        ),
        Template(
            id="engagedly",
            factory_tag="customappsso",
            schema="engagedly",
            default=False,
            description="Engagedly",
        ),
    )
}
"""The templates by their ids; that of a non-gallery application bears the name it has at Entra."""

KIND = EntityType(
    name="synchronizationTemplate",
    properties={
        "id": Shape.TEXT,
        "applicationId": Shape.TEXT,
        "default": Shape.BOOLEAN,
        "description": Shape.TEXT,
        "discoverable": Shape.BOOLEAN,
        "factoryTag": Shape.TEXT,
        "metadata": Shape.COMPLEXES,
    },
    expands={"schema": lambda row, _: TEMPLATES[row["id"]].document},
)


async def index(ground: Ground, request: Request) -> Response:
    """GET templates."""
    principal = await ground.principal(request)
    rows = [_row(template, principal.properties) for template in TEMPLATES.values()]
    return await page(request, rows, KIND, context=_context(principal.id))


async def show(ground: Ground, request: Request) -> Response:
    """GET templates/{id}."""
    principal = await ground.principal(request)
    row = _row(chosen(request), principal.properties)
    return entity(request, row, KIND, context=_context(principal.id))


async def schema(ground: Ground, request: Request) -> Response:
    """GET templates/{id}/schema."""
    principal = await ground.principal(request)
    template = chosen(request)
    where = f"{_context(principal.id)}('{template.id}')/schema/$entity"
    return GraphJson({"@odata.context": context_url(request, where), **template.document})


def chosen(request: Request) -> Template:
    """The template in a request's path.

    Raises:
        GraphError: there is none of that id.
    """
    known = request.path_params["template"]
    if known not in TEMPLATES:
        raise not_found("synchronizationTemplate", known)
    return TEMPLATES[known]


def named(known: str) -> Template:
    """The template that a body names.

    Raises:
        GraphError: there is none of that id.
    """
    if known not in TEMPLATES:
        there = ", ".join(TEMPLATES)
        raise bad_request(f"There is no template '{known[:80]}'; there are {there}.", "BadRequest")
    return TEMPLATES[known]


def _row(template: Template, principal: dict[str, Any]) -> dict[str, object]:
    return {
        "id": template.id,
        "applicationId": principal.get("appId"),
        "default": template.default,
        "description": template.description,
        "discoverable": True,
        "factoryTag": template.factory_tag,
        "metadata": [],
    }


def _context(principal_id: str) -> str:
    return f"servicePrincipals('{principal_id}')/synchronization/templates"
