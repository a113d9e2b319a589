"""Graph's paths, failing by rules that a test may change at any moment."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from entrasim.api.graph_error import GraphError, bad_request, graph_answer
from entrasim.api.sent import sent
from entrasim.errors import ConfigurationError
from entrasim.testing.faults import Faults
from entrasim.testing.faults.faults_file import faults_of

# learn.microsoft.com/graph/errors and …/graph/throttling
_CODES = {
    400: "BadRequest",
    401: "InvalidAuthenticationToken",
    403: "Authorization_RequestDenied",
    404: "Request_ResourceNotFound",
    409: "Conflict",
    410: "syncStateInvalid",
    429: "TooManyRequests",
    503: "serviceNotAvailable",
}
_NOTHING: dict[str, Any] = {"seed": 0, "rules": []}


class Failing:
    """Holds the rules, and puts their faults around an application."""

    def __init__(self) -> None:
        self._faults = _none()
        self._document: dict[str, Any] = _NOTHING

    def around(self, app: ASGIApp) -> ASGIApp:
        """The application, failing as the rules say that hold when it is asked."""

        async def answering(scope: Scope, receive: Receive, send: Send) -> None:
            await self._faults.around(app)(scope, receive, send)

        return answering

    async def show(self, _request: Request) -> JSONResponse:
        """Answer the rules as they were given, and what has happened by them."""
        return JSONResponse({**self._document, "counts": dict(self._faults.counts)})

    async def replace(self, request: Request) -> JSONResponse:
        """Let other rules hold; counts begin anew."""
        document = await sent(request, dict[str, Any], if_empty=b"{}")
        try:
            found = faults_of(document, origin="faults")
        except ConfigurationError as error:
            raise bad_request(str(error), "BadRequest") from None
        self._faults = Faults(found.rules, seed=found.seed, error_body=_graph_body)
        self._document = {"seed": found.seed, "rules": document["rules"]}
        return await self.show(request)

    async def remove(self, _request: Request) -> Response:
        """Let nothing fail any more."""
        self._faults, self._document = _none(), _NOTHING
        return Response(status_code=204)


def _none() -> Faults:
    faults = Faults(())
    faults.active = False
    return faults


def _graph_body(scope: Scope, status: int, told: str) -> tuple[str, str]:
    """An error as Graph writes it, with its media type."""
    code = _CODES.get(status, "generalException")
    answer = graph_answer(Request(scope), GraphError(status, code, told))
    return "application/json", bytes(answer.body).decode()
