"""The SCIM endpoint under /scim/v2 (RFC 7644)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from entrasim.engagedly import discovery
from entrasim.engagedly.documents import Json
from entrasim.engagedly.errors import ScimError, bad_request
from entrasim.engagedly.groups import Groups
from entrasim.engagedly.people import People
from entrasim.engagedly.projection import projection_of
from entrasim.engagedly.resources import Resources
from entrasim.engagedly.storage import Storage
from entrasim.protection.depth import too_deep

BASE = "/scim/v2"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"

_PAGE = 1000

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(storage: Storage) -> list[Route]:
    """The endpoint's routes; all but the token's check is done by People and Groups."""
    table: list[tuple[str, dict[str, Endpoint]]] = [
        *_Endpoints(People(storage)).table("/Users"),
        *_Endpoints(Groups(storage)).table("/Groups"),
        ("/Schemas", {"GET": _discover}),
        ("/ResourceTypes", {"GET": _discover}),
        ("/ServiceProviderConfig", {"GET": _configuration}),
    ]
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    found = [Route(BASE + p, _guarded(storage, e), methods=methods) for p, e in table]
    return [*found, Route(BASE + "/{rest:path}", _guarded(storage, {}), methods=methods)]


class _Endpoints:
    """Each request as what it asks of the resources of one kind."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    def table(self, path: str) -> list[tuple[str, dict[str, Endpoint]]]:
        one: dict[str, Endpoint] = {
            "GET": self.read,
            "PATCH": self.patch,
            "PUT": self.replace,
            "DELETE": self.delete,
        }
        return [(path, {"GET": self.search, "POST": self.create}), (path + "/{known}", one)]

    async def search(self, request: Request) -> Response:
        found = self._resources.search(request.query_params.get("filter"), _base_url(request))
        return _page(request, found, self._shown)

    async def create(self, request: Request) -> Response:
        made = self._resources.create(await _body(request), _base_url(request))
        headers = {"Location": made["meta"]["location"]}
        return _answer(self._shown_one(request, made), 201, headers)

    async def read(self, request: Request) -> Response:
        found = self._resources.read(_known(request), _base_url(request))
        return _answer(self._shown_one(request, found))

    async def patch(self, request: Request) -> Response:
        """Answer with the resource, or with nothing if that is costly and nobody asked for it."""
        body = await _body(request)
        changed = self._resources.patch(_known(request), body, _base_url(request))
        if changed is not None:
            return _answer(self._shown_one(request, changed))
        if request.query_params.get("attributes"):  # RFC 7644 §3.5.2: then it must be shown
            return await self.read(request)
        return Response(status_code=204)

    async def replace(self, request: Request) -> Response:
        body = await _body(request)
        changed = self._resources.replace(_known(request), body, _base_url(request))
        return _answer(self._shown_one(request, changed))

    async def delete(self, request: Request) -> Response:
        self._resources.delete(_known(request))
        return Response(status_code=204)

    def _shown(self, request: Request, resources: list[Json]) -> list[Json]:
        """What the request wants to see of resources; only that is looked up."""
        projection = projection_of(request.query_params)
        if projection.shows(self._resources.linked):
            resources = self._resources.complete(resources, _base_url(request))
        return [projection.of(resource) for resource in resources]

    def _shown_one(self, request: Request, resource: Json) -> Json:
        (only,) = self._shown(request, [resource])
        return only


async def _discover(request: Request) -> Response:
    found = discovery.documents()[request.url.path.rpartition("/")[2]]
    projection = projection_of(request.query_params)
    return _page(request, found, lambda _, page: [projection.of(resource) for resource in page])


async def _configuration(request: Request) -> Response:
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
    try:
        found = msgspec.json.decode(await request.body())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bad_request("invalidSyntax", f"no JSON: {error}"[:200]) from None
    if too_deep(found):
        raise bad_request("invalidSyntax", "the JSON is nested too deep")
    return found


def _page(
    request: Request, found: list[Json], shown: Callable[[Request, list[Json]], list[Json]]
) -> Response:
    """One page of a list (RFC 7644 §3.4.2.4); startIndex counts from 1."""
    start = max(1, _number(request, "startIndex", 1))
    count = min(_PAGE, max(0, _number(request, "count", _PAGE)))
    resources = shown(request, found[start - 1 : start - 1 + count])
    body = {
        "schemas": [LIST],
        "totalResults": len(found),
        "startIndex": start,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }
    return _answer(body)


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not re.fullmatch("-?[0-9]{1,9}", text):  # far beyond any list
        raise bad_request("invalidValue", f"{name} is a number")
    return int(text)


def _known(request: Request) -> str:
    return str(request.path_params["known"])


def _base_url(request: Request) -> str:
    return str(request.base_url).rstrip("/") + BASE


def refusal(status: int, message: str, headers: dict[str, str]) -> Response:
    """An answer to a request that is out of bounds, as a SCIM error."""
    return _answer(ScimError(status, message).body(), status, headers)


def _answer(body: Json, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    content = msgspec.json.encode(body)
    return Response(content, status, headers, media_type="application/scim+json")
