"""Who may ask the daemon, and how much: whoever bears its token, if it has one."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from entrasim.protection import admission
from entrasim.protection.bounds import Bounded

_CODES = {
    401: "InvalidAuthenticationToken",
    408: "RequestTimeout",
    413: "RequestEntityTooLarge",
    421: "MisdirectedRequest",
    503: "TooManyRequests",
}


def guarded(app: ASGIApp, token: str | None) -> ASGIApp:
    """An application that answers, within bounds, only to a bearer of the token.

    Without one it answers whoever asks this machine by its own name; the configuration insists
    on a token as soon as the daemon listens beyond loopback.
    """
    return Bounded(admission.guarded(app, token, _refusal), _refusal)


def _refusal(status: int, message: str, headers: admission.Headers) -> ASGIApp:
    error = {"code": _CODES[status], "message": message}
    return JSONResponse({"error": error}, status, headers)
