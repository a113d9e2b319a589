"""A Graph that says what a test tells it to say, on a real socket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Json = dict[str, Any]

PRINCIPAL = "0d0d0d0d-0000-0000-0000-000000000001"
TOKEN = "a-token-that-nobody-may-see"


def user(name: str, **properties: Any) -> Json:
    """Somebody whose id is their name."""
    return {
        "id": name,
        "userPrincipalName": f"{name}@contoso.com",
        "mail": f"{name}@contoso.com",
        "displayName": name.title(),
        "givenName": name.title(),
        "surname": "Example",
        "accountEnabled": True,
        **properties,
    }


def removed(name: str, reason: str) -> Json:
    return {"id": name, "@removed": {"reason": reason}}


def member(name: str, *, left: bool = False) -> Json:
    gone = {"@removed": {"reason": "deleted"}} if left else {}
    return {"@odata.type": "#microsoft.graph.user", "id": name, **gone}


def refusal(status: int, code: str, message: str = "no", **headers: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)


@dataclass
class FakeGraph:
    """Users and groups come in rounds of pages; what else there is, in one list each.

    Attributes:
        requests: path, query and headers of each request.
        troubles: answers that a path, or a page by its token, gives before its own.
        meanwhile: what happens in the tenant just after a path has been answered, once.
    """

    url: str = ""
    requests: list[tuple[str, Json, Json]] = field(default_factory=list)
    troubles: dict[str, list[Response]] = field(default_factory=dict)
    meanwhile: dict[str, Callable[[], None]] = field(default_factory=dict)
    assigned: list[str] = field(default_factory=list)
    bin: dict[str, list[Json]] = field(default_factory=dict)
    objects: dict[str, Any] = field(default_factory=dict)
    principal: Json = field(
        default_factory=lambda: {"id": PRINCIPAL, "displayName": "Engagedly", "appRoles": []}
    )
    _pages: dict[str, Json] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1.0"

    def round(self, kind: str, *pages: list[Json], begins: str = "", ends: str = "1") -> None:
        """One round of a delta; the next one, if nobody says otherwise, is empty."""
        here = self._token(kind, begins)
        for number, page in enumerate(pages or ([],), start=1):
            following = f"{kind}-{begins}-page-{number}"
            last = number >= len(pages)
            link = f"{self.base_url}/{kind}/delta?$"
            told = (
                {"@odata.deltaLink": f"{link}deltatoken={kind}-{ends}"}
                if last
                else {"@odata.nextLink": f"{link}skiptoken={following}"}
            )
            self._pages[here] = {"value": page, **told}
            here = following
        end = {"@odata.deltaLink": f"{self.base_url}/{kind}/delta?$deltatoken={kind}-{ends}"}
        self._pages.setdefault(f"{kind}-{ends}", {"value": [], **end})

    def settle(self, users: list[Json], *groups: Json, assigned: list[str]) -> None:
        """A whole tenant, on a page each."""
        self.round("users", users)
        self.round("groups", list(groups))
        self.assigned = assigned

    def asked(self, path: str) -> list[Json]:
        """The queries of the requests to a path."""
        return [query for there, query, _ in self.requests if there == path]

    def _token(self, kind: str, begins: str) -> str:
        return f"{kind}-{begins}" if begins else f"/{kind}/delta"

    def application(self) -> Starlette:
        return Starlette(routes=[Route("/v1.0/{path:path}", self._answer)])

    async def _answer(self, request: Request) -> Response:
        path, query = "/" + request.path_params["path"], dict(request.query_params)
        self.requests.append((path, query, dict(request.headers)))
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return refusal(401, "InvalidAuthenticationToken", "Access token is empty.")
        answer = self._told(path, query.get("$skiptoken") or query.get("$deltatoken") or path)
        if happening := self.meanwhile.pop(path, None):
            happening()
        return answer

    def _told(self, path: str, token: str) -> Response:
        for key in (token, path):
            if waiting := self.troubles.get(key):
                return waiting.pop(0)
        if token in self._pages:
            return JSONResponse(self._pages[token])
        return self._other(path)

    def _other(self, path: str) -> Response:
        if path == f"/servicePrincipals/{self.principal['id']}":
            return JSONResponse(self.principal)
        if path == f"/servicePrincipals/{self.principal['id']}/appRoleAssignedTo":
            return JSONResponse({"value": [_assignment(name) for name in self.assigned]})
        if path.startswith("/directory/deletedItems/microsoft.graph."):
            return JSONResponse({"value": self.bin.get(path.rpartition(".")[2], [])})
        if path in self.objects:
            return JSONResponse(self.objects[path])
        return refusal(404, "Request_ResourceNotFound", f"Resource '{path}' does not exist")


def _assignment(name: str) -> Json:
    return {
        "id": f"a-{name}",
        "principalId": name,
        "resourceId": PRINCIPAL,
        "appRoleId": "00000000-0000-0000-0000-000000000000",
    }
