"""Graph's way to say no: status, code and message in a JSON body.

Source: learn.microsoft.com/graph/errors
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse

from entrasim.api.summaries import moment


class GraphError(Exception):
    """What the caller gets instead of an answer.

    Attributes:
        status: the HTTP status.
        code: one of Graph's own, such as `Request_ResourceNotFound` or `BadRequest`.
        headers: what goes with it, such as Retry-After or Location.
        details: what is wrong with which property, where Graph tells that apart.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        details: Sequence[Mapping[str, str]] = (),
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.headers = status, code, dict(headers or {})
        self.details = tuple(details)


def not_found(what: str, known: str) -> GraphError:
    """Graph's answer to an id that leads nowhere."""
    return GraphError(
        404,
        "Request_ResourceNotFound",
        f"Resource '{known}' does not exist or one of its queried reference-property objects "
        f"are not present ({what}).",
    )


def no_tenant() -> GraphError:
    """The answer to whoever asks a daemon for a directory that it has not."""
    told = (
        "No job of this daemon reads a fixture tenant, so that it has no directory to show; "
        'give a job of its configuration a directory of kind = "fixture".'
    )
    return GraphError(404, "Request_ResourceNotFound", told)


def bad_request(message: str, code: str = "Request_BadRequest") -> GraphError:
    """Graph's answer to what it can't understand."""
    return GraphError(400, code, message)


def graph_answer(request: Request, error: GraphError) -> JSONResponse:
    """An error as Graph writes it, with the ids that a caller quotes to support."""
    known = getattr(request.state, "request_id", None) or str(uuid4())
    inner = {
        "date": moment(datetime.now(UTC).replace(microsecond=0)).rstrip("Z"),
        "request-id": known,
        "client-request-id": request.headers.get("client-request-id", known),
    }
    told: dict[str, object] = {"code": error.code, "message": str(error)}
    if error.details:
        told["details"] = error.details
    return JSONResponse({"error": {**told, "innerError": inner}}, error.status, error.headers)
