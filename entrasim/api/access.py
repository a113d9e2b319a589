"""Who may ask the daemon, and how much: whoever bears its token, if it has one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from entrasim.api.graph_error import GraphError, graph_answer
from entrasim.api.numbering import numbered
from entrasim.api.token.issuer import TokenIssuer
from entrasim.api.token.routes import is_open
from entrasim.protection import admission
from entrasim.protection.bounds import Bounded

_CODES = {
    401: "InvalidAuthenticationToken",
    408: "RequestTimeout",
    413: "RequestEntityTooLarge",
    421: "MisdirectedRequest",
    503: "TooManyRequests",
}


def guarded(app: ASGIApp, token: str | None, tokens: TokenIssuer | None = None) -> ASGIApp:
    """An application that answers, within bounds, only to a bearer of the token, or of one issued.

    Whoever has none yet is answered at the token endpoint. Without a token to be borne it
    answers whoever asks this machine by its own name; the configuration insists on a token as
    soon as the daemon listens beyond loopback.
    """
    if tokens is None:
        return numbered(Bounded(admission.guarded(app, token, _refusal), _refusal))
    admitted = admission.guarded(app, token, _refusal, recognise=tokens.accepts, is_open=is_open)
    return numbered(Bounded(admitted, _refusal))


def _refusal(status: int, message: str, headers: admission.Headers) -> ASGIApp:
    error = GraphError(status, _CODES[status], message, headers=headers)

    async def refusing(scope: Scope, receive: Receive, send: Send) -> None:
        await graph_answer(Request(scope), error)(scope, receive, send)

    return refusing
