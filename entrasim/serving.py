"""Serve an ASGI application on a socket, inside a running event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.types import ASGIApp

from entrasim.protection.heads import ImpatientProtocol

CONNECTION = "entrasim.connection"
"""Where an application finds the transport of a request's connection, in its scope's state."""

_GRACE, _LAST = 2, 3  # seconds until connections are ended, and until uvicorn cancels tasks


class AsgiServer:
    """A real server; port 0 takes a free one.

    As an asynchronous context manager it starts and stops itself. Signals are left to the
    program around it. The application finds the connection of a request at
    `scope["state"][CONNECTION]`. With `tls` it speaks HTTPS, and nothing else.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._address, self._scheme = (host, port), "http" if tls is None else "https"
        self._server = _Server(
            uvicorn.Config(
                app,
                http=_Protocol,
                ws="none",
                access_log=False,
                log_config=None,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=_LAST,
                ssl_context_factory=None if tls is None else lambda *_: tls,
            )
        )
        self._socket: socket.socket | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen; returns once it does.

        Raises:
            OSError: the port is taken, or the host isn't this machine's.
        """
        host = self._address[0]
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server(self._address, family=family, backlog=1024)
        # Connections inherit it. asyncio sets it only where a socket tells its protocol, and this
        # one doesn't; a body would wait 40 ms for the client to acknowledge its head.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._serving = asyncio.create_task(self._server.serve([self._socket]))
        while not self._server.started:  # noqa: ASYNC110 - uvicorn tells by nothing else
            await asyncio.sleep(0)

    @property
    def port(self) -> int:
        """The port it listens on.

        Raises:
            RuntimeError: it has not been started.
        """
        if self._socket is None:
            raise RuntimeError("the server has not been started")
        return int(self._socket.getsockname()[1])

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        host = self._address[0]
        return f"{self._scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"

    async def stop(self) -> None:
        """Listen no more; requests under way have two seconds, then their connections end."""
        self._server.should_exit = True
        if self._serving is None:
            return
        await asyncio.wait({self._serving}, timeout=_GRACE)
        for connection in tuple(self._server.server_state.connections):
            connection.transport.abort()  # the application hears of it as if the client had gone
        await self._serving

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        await self.stop()


class _Protocol(ImpatientProtocol):
    """HTTP whose application can end the connection, as targets do that fail."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # likewise
        super().connection_made(transport)
        self.app_state: dict[str, Any] = {**self.app_state, CONNECTION: transport}


class _Server(uvicorn.Server):
    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]  # the same, without signals
        return contextlib.nullcontext()
