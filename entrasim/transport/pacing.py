"""Keep to so many requests per second, evenly."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic


class Pace:
    """Gives turns at an even distance; 0 requests per second is no limit.

    Time and sleeping are handed in, so that a test needs neither.
    """

    def __init__(
        self,
        requests_per_second: float,
        *,
        now: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._distance = 1 / requests_per_second if requests_per_second > 0 else 0.0
        self._now, self._sleep = now, sleep
        self._next = 0.0

    async def turn(self) -> None:
        """Wait until it is this caller's turn."""
        if not self._distance:
            return
        turn = max(self._now(), self._next)
        self._next = turn + self._distance
        if turn > self._now():
            await self._sleep(turn - self._now())
