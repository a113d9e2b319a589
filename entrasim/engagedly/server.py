"""Serve the stand-in."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp

from entrasim.engagedly.application import Engagedly
from entrasim.engagedly.scim_routes import BASE
from entrasim.serving import AsgiServer


class EngagedlyServer(AsgiServer):
    """A real server for an Engagedly; `wrap` lets a test put itself around it."""

    def __init__(
        self,
        engagedly: Engagedly,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        wrap: Callable[[ASGIApp], ASGIApp] = lambda app: app,
    ) -> None:
        super().__init__(wrap(engagedly.asgi), host=host, port=port)

    @property
    def base_url(self) -> str:
        """The base URL of its connections."""
        return self.url + BASE
