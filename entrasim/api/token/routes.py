"""The token endpoint, and the documents by which clients find it.

Source: learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow and
…/v2-protocols-oidc
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import wraps
from math import ceil
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from entrasim.api.surroundings import Surroundings
from entrasim.api.token.client import Application, read_application
from entrasim.api.token.discovery import instance_document, keys_document, openid_document
from entrasim.api.token.issuer import LIFE, TokenIssuer
from entrasim.api.token.sign_in_error import NEVER_STORED, SignInError, no_tenant, sign_in_answer
from entrasim.api.token.tenants import Tenants
from entrasim.api.token.wrong_secrets import WrongSecrets

Answer = Callable[[Request], Awaitable[Response]]

_OPEN = re.compile(
    r"/[^/]+/(oauth2/v2\.0/token|v2\.0/\.well-known/openid-configuration"
    r"|discovery/instance|discovery/v2\.0/keys)"
)


def is_open(path: str) -> bool:
    """Whether a path is for those who have no token yet."""
    return _OPEN.fullmatch(path) is not None


def token_routes(around: Surroundings) -> list[BaseRoute]:
    """The routes at the root of the server; they ask for no token."""
    tenants, wrong = Tenants(around.tenant), WrongSecrets()

    async def token(request: Request) -> Response:
        address = request.client.host if request.client else ""
        _hear_out(wrong.wait(address))
        tenant = await _tenant(tenants, request.path_params["tenant"], "invalid_request")
        given = request.headers.get("authorization", "")
        application = read_application(await request.body(), given)
        known = around.configuration.api_token
        if not application.proves_itself(known.reveal() if known else None):
            wrong.note(address)
            raise _refusal(application)
        return await _token(around.tokens, application, tenant, _base(request))

    async def configuration(request: Request) -> Response:
        name = request.path_params["tenant"]
        tenant = await _tenant(tenants, name, "invalid_tenant")
        return JSONResponse(openid_document(_base(request), tenant))

    async def keys(request: Request) -> Response:
        await _tenant(tenants, request.path_params["tenant"], "invalid_tenant")
        return JSONResponse(keys_document(await asyncio.to_thread(around.tokens.keys)))

    async def instance(request: Request) -> Response:
        asked = request.query_params.get("authorization_endpoint", "")
        name = urlsplit(asked).path.strip("/").partition("/")[0] or request.path_params["tenant"]
        await _tenant(tenants, name, "invalid_instance")
        return JSONResponse(instance_document(_base(request), name))

    return [
        Route("/{tenant}/oauth2/v2.0/token", _saying_no(token), methods=["POST"]),
        Route("/{tenant}/v2.0/.well-known/openid-configuration", _saying_no(configuration)),
        Route("/{tenant}/discovery/v2.0/keys", _saying_no(keys)),
        Route("/{tenant}/discovery/instance", _saying_no(instance)),
    ]


async def _token(tokens: TokenIssuer, application: Application, tenant: str, base: str) -> Response:
    issued = await asyncio.to_thread(
        tokens.issue,
        issuer=f"{base}/{tenant}/v2.0",
        audience=application.audience,
        tenant=tenant,
        client=application.id,
    )
    life = int(LIFE.total_seconds())
    body = {"token_type": "Bearer", "expires_in": life, "ext_expires_in": life}
    return JSONResponse({**body, "access_token": issued}, headers=NEVER_STORED)


def _hear_out(wait: float) -> None:
    if wait:
        told = "There are too many wrong secrets from this address."
        after = {"Retry-After": str(ceil(wait))}
        raise SignInError(429, "temporarily_unavailable", 90055, told, headers=after)


def _refusal(application: Application) -> SignInError:
    if application.kind == "assertion":
        told = (
            "Client assertion failed signature validation: no certificate is registered on the "
            "application; sign in by service.api_token as its client secret."
        )
        return SignInError(401, "invalid_client", 700027, told)
    told = (
        "Invalid client secret provided. Ensure the secret being sent in the request is the "
        f"client secret value, not the client secret ID, for app '{application.id:.60}': here it "
        "is service.api_token of entrasim.toml."
    )
    return SignInError(401, "invalid_client", 7000215, told)


async def _tenant(tenants: Tenants, name: str, error: str) -> str:
    found = await tenants.called(name)
    if found is None:
        raise no_tenant(name[:100], error)
    return found


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _saying_no(answer: Answer) -> Answer:
    @wraps(answer)
    async def answered(request: Request) -> Response:
        try:
            return await answer(request)
        except SignInError as error:
            return sign_in_answer(request, error)

    return answered
