"""Serve the stand-in."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp

from entrasim.engagedly.application import Engagedly
from entrasim.engagedly.scim_routes import BASE
from entrasim.errors import ConfigurationError
from entrasim.protection.admission import LOOPBACK
from entrasim.serving import AsgiServer


class EngagedlyServer(AsgiServer):
    """A real server for an Engagedly; `wrap` puts something around it, such as faults.

    Raises:
        ConfigurationError: others than this machine would be served, without an API key.
    """

    def __init__(
        self,
        engagedly: Engagedly,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        wrap: Callable[[ASGIApp], ASGIApp] = lambda app: app,
    ) -> None:
        if host not in LOOPBACK and not engagedly.has_api_key:
            raise ConfigurationError(
                f"whoever reaches {host} could read the list of employees: give an API key, "
                "as --api-key env:NAME, which those who may read it know"
            )
        super().__init__(wrap(engagedly.asgi), host=host, port=port)

    @property
    def base_url(self) -> str:
        """The base URL of its connections."""
        return self.url + BASE
