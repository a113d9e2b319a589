"""The identity platform's way to say no.

Source: learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow and
…/reference-error-codes
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse

NEVER_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}  # RFC 6749 §5.1


class SignInError(Exception):
    """What an application gets instead of a token.

    Attributes:
        status: the HTTP status.
        error: OAuth's word, such as `invalid_client`.
        number: the identity platform's own, as in AADSTS7000215.
        headers: what goes with it, such as Retry-After.
    """

    def __init__(
        self,
        status: int,
        error: str,
        number: int,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.error, self.number = status, error, number
        self.headers = dict(headers or {})


def missing(parameter: str) -> SignInError:
    """A part of the request isn't there."""
    told = f"The request body must contain the following parameter: '{parameter}'."
    return SignInError(400, "invalid_request", 900144, told)


def no_tenant(name: str, error: str = "invalid_request") -> SignInError:
    """Nobody knows a tenant of that name."""
    told = (
        f"Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are "
        "signing into the correct cloud."
    )
    return SignInError(400, error, 90002, told)


def sign_in_answer(request: Request, error: SignInError) -> JSONResponse:
    """An error as the identity platform writes it."""
    trace = getattr(request.state, "request_id", None) or str(uuid4())
    correlation = request.headers.get("client-request-id", trace)
    at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    told = f"AADSTS{error.number}: {error}"
    body = {
        "error": error.error,
        "error_description": (
            f"{told} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {at}"
        ),
        "error_codes": [error.number],
        "timestamp": at,
        "trace_id": trace,
        "correlation_id": correlation,
    }
    return JSONResponse(body, error.status, {**NEVER_STORED, **error.headers})
