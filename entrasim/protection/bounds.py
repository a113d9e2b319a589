"""How much a client may ask for at once, and how long it may take to ask."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from msgspec import Struct
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from entrasim.protection.admission import Refuse

_CLOSE = {"Connection": "close"}
_HEARD_OUT = 16  # times the most; who is cut short in the middle of a body reads no answer


class Bounds(Struct, frozen=True):
    """What a server bears.

    Attributes:
        most_bytes: of a body.
        patience: how long a body may take.
        at_once: requests; each holds its body in memory.
    """

    most_bytes: int = 1024 * 1024
    patience: timedelta = timedelta(seconds=30)
    at_once: int = 512


_USUAL = Bounds()


class Bounded:
    """An application that is asked only by requests within bounds, their bodies at hand.

    Others are answered here: 413 for a long body, 408 for a slow one, 503 for one too many.
    """

    def __init__(self, app: ASGIApp, refuse: Refuse, bounds: Bounds = _USUAL) -> None:
        self._app, self._refuse, self._bounds = app, refuse, bounds
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._running >= self._bounds.at_once:
            busy = self._refuse(503, "too many requests at once", {"Retry-After": "1"})
            await busy(scope, receive, send)
            return
        self._running += 1
        try:
            await self._take(scope, receive, send)
        finally:
            self._running -= 1

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(self._bounds.patience.total_seconds()):
                body = await self._body(receive)
        except TimeoutError:
            slow = self._refuse(408, "the body took too long", _CLOSE)
            await slow(scope, receive, send)
        except ConnectionError:
            return
        else:
            if body is None:
                told = f"a body has {self._bounds.most_bytes:,} bytes at most"
                await self._refuse(413, told, _CLOSE)(scope, receive, send)
                return
            await self._app(scope, _replayed(body, receive), send)

    async def _body(self, receive: Receive) -> bytes | None:
        """The whole body; None if it is too long.

        Raises:
            ConnectionError: the client went away.
        """
        most, body, length = self._bounds.most_bytes, bytearray(), 0
        more = True
        while more and length <= most * _HEARD_OUT:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionError
            part = message.get("body", b"")
            length += len(part)
            if length <= most:
                body += part
            more = message.get("more_body", False)
        return bytes(body) if length <= most else None


def _replayed(body: bytes, receive: Receive) -> Receive:
    """What the application hears: the body, and then whatever comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def hear() -> Message:
        return waiting.pop() if waiting else await receive()

    return hear
