"""A fixture tenant behind Graph's delta queries, in a process of its own.

python -m benchmarks.graph_tenant FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks.apart import serve
from entrasim.api.application import answering
from entrasim.api.delta import ChangeHistory
from entrasim.api.delta.routes import routes as deltas
from entrasim.directory.fixture.graph_tenant import GraphTenant
from entrasim.scheduler.clocks import SystemClock


class Counting:
    """Counts what Graph is asked."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self.requests = app, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        self.requests += scope["path"].startswith("/v1.0")
        await self._app(scope, receive, send)


def application(folder: Path) -> ASGIApp:
    """The local API's delta queries, and how often they were asked, at /requests."""
    clock = SystemClock()
    tenant = GraphTenant(folder / "tenant", (), clock=clock)
    history = ChangeHistory(folder / "graph-history.db", tenant)

    async def requests(_request: Request) -> Response:
        return Response(str(counting.requests))

    graph = Mount("/v1.0", routes=deltas(history, clock))
    counting = Counting(answering([graph, Route("/requests", requests)]))
    return counting


if __name__ == "__main__":
    serve(application(Path(sys.argv[1])))
