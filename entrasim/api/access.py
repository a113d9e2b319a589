"""Who may ask the daemon: whoever bears its token, if it has one."""

from __future__ import annotations

from hmac import compare_digest

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send


def guarded(app: ASGIApp, token: str | None) -> ASGIApp:
    """An application that answers only to a bearer of the token; to everybody without one.

    The configuration insists on a token as soon as the daemon listens beyond loopback.
    """
    if token is None:
        return app
    expected = f"Bearer {token}".encode()

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        given = Headers(scope=scope).get("authorization", "").encode()
        if scope["type"] != "http" or compare_digest(given, expected):
            await app(scope, receive, send)
            return
        body = {"error": {"code": "InvalidAuthenticationToken", "message": "the token is missing"}}
        refusal = JSONResponse(body, 401, headers={"WWW-Authenticate": "Bearer"})
        await refusal(scope, receive, send)

    return asked
