"""Places for requests under way; who finds none queues."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Slots:
    """As many places as `limit` says at the moment, given in the order they were asked for.

    Attributes:
        taken: how many requests are under way.
    """

    def __init__(self, limit: Callable[[], int]) -> None:
        self._limit = limit
        self._queue: deque[asyncio.Future[None]] = deque()
        self.taken = 0

    @asynccontextmanager
    async def take(self) -> AsyncIterator[bool]:
        """Hold a place, as soon as there is one; gives whether it was queued for."""
        queued = bool(self._queue) or self.taken >= self._limit()
        if queued:
            await self._wait()
        else:
            self.taken += 1
        try:
            yield queued
        finally:
            self.taken -= 1
            self._call()

    async def _wait(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # called, and gone in the same moment
                self.taken -= 1
                self._call()
            raise

    def _call(self) -> None:
        """Call up as many as there are places for."""
        while self._queue and self.taken < self._limit():
            turn = self._queue.popleft()
            if not turn.done():
                self.taken += 1
                turn.set_result(None)
