"""The extension's paths, put together."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from entrasim.api.extension.cycling import Cycling
from entrasim.api.extension.expiring import Expiring
from entrasim.api.extension.failing import Failing
from entrasim.api.extension.turning import Turning
from entrasim.api.surroundings import Surroundings
from entrasim.scheduler.clocks import VirtualClock


class Extension:
    """What tests tell the daemon; there is nothing of it on the clock on the wall."""

    def __init__(self, around: Surroundings) -> None:
        self._around, self._failing = around, Failing()
        self._clock = around.clock if isinstance(around.clock, VirtualClock) else None

    def routes(self) -> list[BaseRoute]:
        """The paths under `/entrasim`; none if the clock can't be turned."""
        if self._clock is None:
            return []
        turning, cycling = Turning(self._around, self._clock), Cycling(self._around)
        failing, expiring = self._failing, Expiring(self._around.history)
        paths = [
            Route("/clock", turning.tell, methods=["GET"]),
            Route("/clock/advance", turning.advance, methods=["POST"]),
            Route("/jobs/{id}/cycle", cycling.cycle, methods=["POST"]),
            Route("/deltaTokens/expire", expiring.expire, methods=["POST"]),
            Route("/faults", failing.show, methods=["GET"]),
            Route("/faults", failing.replace, methods=["PUT"]),
            Route("/faults", failing.remove, methods=["DELETE"]),
        ]
        return [Mount("/entrasim", routes=paths)]

    def around(self, app: ASGIApp, below: Sequence[str]) -> ASGIApp:
        """The application, failing below some paths as somebody tells it to."""
        if self._clock is None:
            return app
        failing = self._failing.around(app)

        async def answering(scope: Scope, receive: Receive, send: Send) -> None:
            ours = any(scope.get("path", "").startswith(f"{prefix}/") for prefix in below)
            await (failing if ours else app)(scope, receive, send)

        return answering
