"""Everything about applications, as routes below a version of Graph."""

from __future__ import annotations

from starlette.routing import BaseRoute

from entrasim.api.applications.application_routes import application_routes
from entrasim.api.applications.assignment_routes import assignment_routes
from entrasim.api.applications.service_principal_routes import service_principal_routes
from entrasim.api.applications.template_routes import template_routes
from entrasim.api.surroundings import Surroundings


def routes(around: Surroundings) -> list[BaseRoute]:
    """The routes of applications, service principals, assignments and templates."""
    return [
        *assignment_routes(around),
        *service_principal_routes(around),
        *application_routes(around),
        *template_routes(around),
    ]
