"""The SCIM endpoint under /scim/v2 (RFC 7644)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from entrasim.engagedly import discovery
from entrasim.engagedly.documents import Json
from entrasim.engagedly.errors import ScimError, bad_request
from entrasim.engagedly.people import People
from entrasim.engagedly.storage import Storage

BASE = "/scim/v2"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"

_MOST_BYTES = 1024 * 1024
_PAGE = 1000

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(storage: Storage) -> list[Route]:
    """The endpoint's routes; all but the token's check is done by People."""
    people = _Endpoints(storage)
    table: list[tuple[str, dict[str, Endpoint]]] = [
        ("/Users", {"GET": people.search, "POST": people.create}),
        (
            "/Users/{known}",
            {
                "GET": people.read,
                "PATCH": people.patch,
                "PUT": people.replace,
                "DELETE": people.delete,
            },
        ),
        ("/Groups", {"GET": people.no_groups}),
        ("/Schemas", {"GET": people.discover}),
        ("/ResourceTypes", {"GET": people.discover}),
        ("/ServiceProviderConfig", {"GET": people.configuration}),
    ]
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    found = [Route(BASE + p, _guarded(storage, e), methods=methods) for p, e in table]
    return [*found, Route(BASE + "/{rest:path}", _guarded(storage, {}), methods=methods)]


class _Endpoints:
    """Each request as what it asks of People."""

    def __init__(self, storage: Storage) -> None:
        self._people = People(storage)

    async def search(self, request: Request) -> Response:
        found = self._people.search(request.query_params.get("filter"), _base_url(request))
        return _page(request, found)

    async def create(self, request: Request) -> Response:
        made = self._people.create(await _body(request), _base_url(request))
        return _answer(made, 201, {"Location": made["meta"]["location"]})

    async def read(self, request: Request) -> Response:
        found = self._people.read(_known(request), _base_url(request))
        return _answer(_projected(request, found))

    async def patch(self, request: Request) -> Response:
        body = await _body(request)
        return _answer(self._people.patch(_known(request), body, _base_url(request)))

    async def replace(self, request: Request) -> Response:
        body = await _body(request)
        return _answer(self._people.replace(_known(request), body, _base_url(request)))

    async def delete(self, request: Request) -> Response:
        self._people.delete(_known(request))
        return Response(status_code=204)

    async def no_groups(self, request: Request) -> Response:
        """Engagedly takes people only: there are no groups."""
        return _page(request, [])

    async def discover(self, request: Request) -> Response:
        return _page(request, discovery.documents()[request.url.path.rpartition("/")[2]])

    async def configuration(self, request: Request) -> Response:
        del request
        return _answer(discovery.SERVICE_PROVIDER_CONFIG)


def _guarded(storage: Storage, endpoints: dict[str, Endpoint]) -> Endpoint:
    """Ask for the token first, then for the method; errors become SCIM errors."""

    async def endpoint(request: Request) -> Response:
        try:
            _check_token(request, storage)
            return await _chosen(request, endpoints)(request)
        except ScimError as error:
            headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}  # noqa: PLR2004 - RFC 6750 §3
            return _answer(error.body(), error.status, headers)

    return endpoint


def _check_token(request: Request, storage: Storage) -> None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not storage.accepts(token.strip()):
        raise ScimError(401, "the token belongs to no connection")


def _chosen(request: Request, endpoints: dict[str, Endpoint]) -> Endpoint:
    if not endpoints:
        raise ScimError(404, "there is nothing here")
    method = "GET" if request.method == "HEAD" else request.method
    if method not in endpoints:
        raise ScimError(501, f"{method} is not supported here")
    return endpoints[method]


async def _body(request: Request) -> Any:  # noqa: ANN401 - any JSON
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > _MOST_BYTES:
            raise ScimError(413, f"a body has {_MOST_BYTES:,} bytes at most")
    try:
        return msgspec.json.decode(bytes(content))
    except (msgspec.DecodeError, RecursionError) as error:
        raise bad_request("invalidSyntax", f"no JSON: {error}"[:200]) from None


def _page(request: Request, found: list[Json]) -> Response:
    """One page of a list (RFC 7644 §3.4.2.4); startIndex counts from 1."""
    start = max(1, _number(request, "startIndex", 1))
    count = min(_PAGE, max(0, _number(request, "count", _PAGE)))
    shown = [_projected(request, resource) for resource in found[start - 1 : start - 1 + count]]
    body = {
        "schemas": [LIST],
        "totalResults": len(found),
        "startIndex": start,
        "itemsPerPage": len(shown),
        "Resources": shown,
    }
    return _answer(body)


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not text.lstrip("-").isdecimal() or len(text) > 9:  # noqa: PLR2004 - far beyond any list
        raise bad_request("invalidValue", f"{name} is a number")
    return int(text)


def _projected(request: Request, resource: Json) -> Json:
    """Only the attributes asked for, or all but those not wanted; id and schemas always."""
    wanted = _names(request, "attributes")
    unwanted = _names(request, "excludedAttributes") - {"id", "schemas"}
    if wanted:
        wanted |= {"id", "schemas"}
        return {name: value for name, value in resource.items() if name.casefold() in wanted}
    return {name: value for name, value in resource.items() if name.casefold() not in unwanted}


def _names(request: Request, parameter: str) -> set[str]:
    given = request.query_params.get(parameter, "").split(",")
    return {name.strip().partition(".")[0].casefold() for name in given if name.strip()}


def _known(request: Request) -> str:
    return str(request.path_params["known"])


def _base_url(request: Request) -> str:
    return str(request.base_url).rstrip("/") + BASE


def _answer(body: Json, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    content = msgspec.json.encode(body)
    return Response(content, status, headers, media_type="application/scim+json")
