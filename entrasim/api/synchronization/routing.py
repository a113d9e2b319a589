"""The paths of the synchronization API.

The SDKs call functions with brackets behind their names, and by hand people leave them out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from entrasim.api.surroundings import Surroundings
from entrasim.api.synchronization import (
    audit_log,
    connections,
    credentials,
    jobs,
    on_demand,
    schemas,
    secrets,
    templates,
    vocabulary,
)
from entrasim.api.synchronization.ground import Ground

_BASE = "/servicePrincipals/{principal}/synchronization"
_JOB = f"{_BASE}/jobs/{{job}}"
_TEMPLATE = f"{_BASE}/templates/{{template}}"

Answer = Callable[[Ground, Request], Awaitable[Response]]

_PATHS: tuple[tuple[str, str, Answer], ...] = (
    ("GET", _BASE, secrets.whole),
    ("GET", f"{_BASE}/templates", templates.index),
    ("GET", _TEMPLATE, templates.show),
    ("GET", f"{_TEMPLATE}/schema", templates.schema),
    ("POST", f"{_TEMPLATE}/schema/parseExpression", vocabulary.parse),
    ("GET", f"{_TEMPLATE}/schema/filterOperators", vocabulary.operators),
    ("GET", f"{_TEMPLATE}/schema/filterOperators()", vocabulary.operators),
    ("GET", f"{_TEMPLATE}/schema/functions", vocabulary.functions),
    ("GET", f"{_TEMPLATE}/schema/functions()", vocabulary.functions),
    ("GET", f"{_BASE}/jobs", jobs.index),
    ("POST", f"{_BASE}/jobs", jobs.create),
    ("POST", f"{_BASE}/jobs/validateCredentials", credentials.validate_for_template),
    ("GET", _JOB, jobs.show),
    ("DELETE", _JOB, jobs.delete),
    ("POST", f"{_JOB}/start", jobs.start),
    ("POST", f"{_JOB}/pause", jobs.pause),
    ("POST", f"{_JOB}/restart", jobs.restart),
    ("POST", f"{_JOB}/validateCredentials", credentials.validate_for_job),
    ("POST", f"{_JOB}/provisionOnDemand", on_demand.provision),
    ("GET", f"{_JOB}/schema", schemas.show),
    ("PUT", f"{_JOB}/schema", schemas.replace),
    ("PATCH", f"{_JOB}/schema", schemas.replace),  # what the SDKs send for the same
    ("POST", f"{_JOB}/schema/parseExpression", vocabulary.parse),
    ("GET", f"{_JOB}/schema/filterOperators", vocabulary.operators),
    ("GET", f"{_JOB}/schema/filterOperators()", vocabulary.operators),
    ("GET", f"{_JOB}/schema/functions", vocabulary.functions),
    ("GET", f"{_JOB}/schema/functions()", vocabulary.functions),
    ("GET", f"{_BASE}/secrets", secrets.show),
    ("PUT", f"{_BASE}/secrets", secrets.replace),
    ("GET", "/auditLogs/provisioning", audit_log.index),
)
_BETA_PATHS: tuple[tuple[str, str, Answer], ...] = (
    ("GET", f"{_BASE}/connectivityParameters", credentials.parameters),
    ("GET", f"{_JOB}/objectConnections", connections.index),
    ("GET", f"{_JOB}/objectConnections/{{object}}", connections.show),
    ("DELETE", f"{_JOB}/objectConnections/{{object}}", connections.delete),
    ("GET", f"{_JOB}/objectConnections('{{object}}')", connections.show),
    ("DELETE", f"{_JOB}/objectConnections('{{object}}')", connections.delete),
)


def routes(around: Surroundings) -> list[Route]:
    """The routes of the API below a version; those of beta are found there alone."""
    ground = Ground.of(around)
    beta = [(method, path, _in_beta(answer)) for method, path, answer in _BETA_PATHS]
    return [
        _route(method, f"{path}{slash}", answer, ground)
        for method, path, answer in (*_PATHS, *beta)
        for slash in ("", "/")  # as Microsoft's pages write some of them
    ]


def _route(method: str, path: str, answer: Answer, ground: Ground) -> Route:
    async def endpoint(request: Request) -> Response:
        return await answer(ground, request)

    return Route(path, endpoint, methods=[method])


def _in_beta(answer: Answer) -> Answer:
    async def guarded(ground: Ground, request: Request) -> Response:
        if not request.scope.get("root_path", "").endswith("/beta"):
            raise HTTPException(404)
        return await answer(ground, request)

    return guarded
