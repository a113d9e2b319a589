"""One request and what becomes of it: passed on, answered otherwise, or broken off."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import quote, unquote_plus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from entrasim.serving import CONNECTION

Sleep = Callable[[float], Awaitable[object]]
Ending = Literal["reset", "close"]
ErrorBody = Callable[[Scope, int, str], tuple[str, str]]
"""How an error is written: its media type and its body, of a request, a status and a detail."""

_MOST_BYTES = 16 * 1024 * 1024  # of a request that are kept; the application reads on by itself
_BODILESS = frozenset({204, 304})  # RFC 9110 §15.3.5, §15.4.5
_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER on, for no time: closing sends a reset
_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def scim_error(_scope: Scope, status: int, detail: str) -> tuple[str, str]:
    """An error as SCIM writes it (RFC 7644 §3.12)."""
    error = {"schemas": [_ERROR], "status": str(status), "detail": detail}
    return "application/scim+json", json.dumps(error)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as a whole; its length is counted when it is sent."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def saying(self, body: bytes) -> Reply:
        """The same with another body, of a status that can have one."""
        return replace(self, body=body, status=200 if self.status in _BODILESS else self.status)

    def head(self, length: int) -> Message:
        """What begins it, and promises a body of some length."""
        headers = [(name, value) for name, value in self.headers if name != b"content-length"]
        if self.status not in _BODILESS:
            headers.append((b"content-length", str(length).encode()))
        return {"type": "http.response.start", "status": self.status, "headers": headers}


class Exchange:
    """A request whose body has been read, on its connection.

    Attributes:
        method: its method.
        path: its path, encoded.
        url: path and query, encoded.
        words: path and query, decoded for people's patterns.
        body: the first 16 MiB of its body, at least.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - a request, and two ways to deal with it
        self,
        app: ASGIApp,
        scope: Scope,
        receive: Receive,
        send: Send,
        sleep: Sleep,
        error_body: ErrorBody = scim_error,
    ) -> None:
        self._app, self._scope, self._sleep = app, scope, sleep
        self._error_body = error_body
        self._hear, self._send = receive, send
        self._more, self._heard = True, False
        self.method: str = scope["method"]
        self.path = quote(scope["path"], safe="/")
        query = scope["query_string"].decode("latin-1")
        self.url = f"{self.path}?{query}" if query else self.path
        self.words = f"{scope['path']}?{unquote_plus(query)}" if query else scope["path"]
        self.body = b""

    async def read(self) -> None:
        """Read the body, so that rules can look at it."""
        parts = bytearray()
        while self._more and len(parts) < _MOST_BYTES:
            message = await self._hear()
            if message["type"] != "http.request":
                break
            parts += message.get("body", b"")
            self._more = message.get("more_body", False)
        self.body = bytes(parts)

    async def pass_on(self) -> None:
        """Let the application answer."""
        await self._app(self._scope, self._replay, self._send)

    async def carry_out(self) -> Reply:
        """Let the application carry the request out, and keep its answer back.

        Raises:
            RuntimeError: it gave none.
        """
        start: dict[str, Any] = {}
        body = bytearray()

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            body.extend(message.get("body", b""))

        await self._app(self._scope, self._replay, keep)
        if not start:
            raise RuntimeError("the application behind the faults gave no answer")
        headers = tuple((name.lower(), value) for name, value in start.get("headers", ()))
        return Reply(start["status"], headers, bytes(body))

    def error(self, status: int, detail: str) -> tuple[str, str]:
        """An error as the application behind the faults writes them: media type and body."""
        return self._error_body(self._scope, status, detail)

    async def answer(self, reply: Reply) -> None:
        """Answer; of a status that has no body the body is left out."""
        await self.begin(reply)
        await self.write(b"" if reply.status in _BODILESS else reply.body, more=False)

    async def begin(self, reply: Reply, *, length: int | None = None) -> None:
        """Send the head of an answer, which promises its whole body, or a longer one."""
        await self._send(reply.head(len(reply.body) if length is None else length))

    async def write(self, part: bytes, *, more: bool = True) -> None:
        """Send a part of the body."""
        await self._send({"type": "http.response.body", "body": part, "more_body": more})

    async def pause(self, time: timedelta) -> bool:
        """Wait; gives whether the client waited as long."""
        asleep = asyncio.ensure_future(self._sleep(time.total_seconds()))
        gone = asyncio.ensure_future(self._gone())
        try:
            await asyncio.wait({asleep, gone}, return_when=asyncio.FIRST_COMPLETED)
            return not gone.done()
        finally:
            asleep.cancel()
            gone.cancel()

    async def end(self, ending: Ending) -> None:
        """End the connection under the client's hands: by a reset, or as if all were said.

        Raises:
            RuntimeError: the server doesn't hand its connections out.
        """
        transport = self._scope.get("state", {}).get(CONNECTION)
        if transport is None:
            raise RuntimeError("to break a connection off, serve by entrasim.serving.AsgiServer")
        if ending == "reset":
            broken = transport.get_extra_info("socket")
            broken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            transport.abort()
        else:
            transport.close()
        await self._gone()

    async def _replay(self) -> Message:
        """The request once more for the application, then what comes after it."""
        if self._heard:
            return await self._hear()
        self._heard = True
        return {"type": "http.request", "body": self.body, "more_body": self._more}

    async def _gone(self) -> None:
        while (await self._hear())["type"] != "http.disconnect":
            pass
