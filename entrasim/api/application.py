"""The daemon's HTTP surface, put together: health, and Graph's own paths."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp

from entrasim.api import applications, directory, synchronization
from entrasim.api.delta.routes import routes as deltas
from entrasim.api.extension import Extension
from entrasim.api.graph_error import GraphError, graph_answer
from entrasim.api.health import health_route
from entrasim.api.numbering import numbered
from entrasim.api.surroundings import Surroundings
from entrasim.api.token.routes import token_routes
from entrasim.errors import ConfigurationError, EntrasimError, SourceError, StateError

VERSIONS = ("/v1.0", "/beta")

_CODES = {404: "Request_ResourceNotFound", 405: "Request_BadRequest"}


def daemon_app(around: Surroundings) -> ASGIApp:
    """Everything the daemon answers to; who may ask is somebody else's question."""
    extension = Extension(around)
    app = answering(daemon_routes(around, extension))
    return numbered(extension.around(app, VERSIONS))


def answering(routes: Sequence[BaseRoute]) -> Starlette:
    """An application whose errors are Graph's."""
    return Starlette(
        routes=routes,
        exception_handlers={
            GraphError: _said_no,
            EntrasimError: _trouble,
            HTTPException: _no_route,
            Exception: _broke,
        },
    )


def daemon_routes(around: Surroundings, extension: Extension) -> list[BaseRoute]:
    """Every path there is."""
    return [
        health_route(around.daemon),
        *(Mount(version, routes=graph_routes(around)) for version in VERSIONS),
        *extension.routes(),
        *token_routes(around),
    ]


def graph_routes(around: Surroundings) -> list[BaseRoute]:
    """Graph's paths below a version."""
    return [
        # Before the routes that would take "delta" for an id.
        *([] if around.history is None else deltas(around.history, around.clock)),
        *applications.routes(around),
        *synchronization.routes(around),
        *directory.routes(around),
    ]


async def _said_no(request: Request, error: Exception) -> Response:
    assert isinstance(error, GraphError)  # noqa: S101 - as registered
    return graph_answer(request, error)


async def _trouble(request: Request, error: Exception) -> Response:
    """What stood in the way while answering: of our own making, or of the caller's."""
    if isinstance(error, ConfigurationError | StateError | SourceError):
        return graph_answer(request, GraphError(503, "serviceNotAvailable", str(error)))
    code = getattr(error, "code", "badRequest")
    return graph_answer(request, GraphError(400, code, str(error)))


async def _broke(request: Request, _error: Exception) -> Response:
    """A mistake of our own; whoever serves the application logs it."""
    told = "the daemon made a mistake; its log tells which"
    return graph_answer(request, GraphError(500, "InternalServerError", told))


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as registered
    message = f"Resource not found for the segment '{request.url.path.rsplit('/', 1)[-1]}'."
    told = error.detail if error.status_code != 404 else message  # noqa: PLR2004 - not found
    code = _CODES.get(error.status_code, "Request_BadRequest")
    return graph_answer(request, GraphError(error.status_code, code, told))
