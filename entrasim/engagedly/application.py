"""The stand-in as a whole: what it keeps, and what it serves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from entrasim.engagedly import employees, groups, page, scim_routes
from entrasim.engagedly.documents import Json
from entrasim.engagedly.people import People
from entrasim.engagedly.storage import Connection, NewConnection, Storage
from entrasim.protection.admission import guarded
from entrasim.protection.bounds import Bounded

_PAGE = 100
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def utc_now() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)


class Engagedly:
    """An Engagedly of one's own, in one SQLite file.

    Several may be open on a file: what the command line does to connections, a running
    server knows at once. With an API key the list of employees and the settings page are shown
    to whoever bears it, without one to this machine alone.

    Raises:
        ConfigurationError: the file can't be used.
    """

    def __init__(
        self, database: Path, *, now: Callable[[], datetime] = utc_now, api_key: str | None = None
    ) -> None:
        self._storage = Storage(database, now)
        self.has_api_key = api_key is not None
        shown = [Route("/beta/users", self._list_employees), Route("/", self._show_page)]
        views = guarded(Starlette(routes=shown), api_key, _refusal)
        routes = [*scim_routes.routes(self._storage), Mount("/", views)]
        self.asgi: ASGIApp = Bounded(Starlette(routes=routes), scim_routes.refusal)

    def add_connection(self, name: str, *, base_url: str) -> NewConnection:
        """Add a connection; its token is in the answer and nowhere else."""
        return self._storage.add_connection(name, base_url)

    def connections(self) -> list[Connection]:
        """All connections, oldest first."""
        return self._storage.connections()

    def delete_connection(self, name: str) -> None:
        """Delete a connection: its client gets 401 at once, employees stay as they are."""
        self._storage.delete_connection(name)

    def employees(self, email: str | None = None) -> list[Json]:
        """Employees as the public REST API shows them."""
        return employees.employees(self._storage, email)

    def groups(self) -> list[Json]:
        """Groups with the names of their members, oldest first."""
        return groups.overview(self._storage)

    def resources(self) -> list[Json]:
        """People as SCIM resources."""
        return People(self._storage).search(None, "")

    def close(self) -> None:
        """Let go of the file."""
        self._storage.close()

    async def _list_employees(self, request: Request) -> Response:
        """GET /beta/users."""
        found = self.employees(request.query_params.get("email"))
        number = request.query_params.get("page", "1")
        current = int(number) if number.isdecimal() and 0 < len(number) < 7 else 1  # noqa: PLR2004
        start = (max(1, current) - 1) * _PAGE
        pages = max(1, -(-len(found) // _PAGE))
        pagination = {"current_page": current, "total_pages": pages, "total_count": len(found)}
        data = found[start : start + _PAGE]
        body = {"success": True, "pagination": pagination, "data": data}
        return JSONResponse(body, headers=_PRIVATE)

    async def _show_page(self, request: Request) -> Response:
        del request
        html = page.settings_page(self.connections(), self.employees(), self.groups())
        return HTMLResponse(html, headers={**_PRIVATE, "Content-Security-Policy": page.POLICY})


def _refusal(status: int, message: str, headers: dict[str, str]) -> Response:
    return JSONResponse({"success": False, "message": message}, status, headers)
