"""Waiting as a busy target asks, if it is worth it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from entrasim.transport import Answer

_TOO_MANY_REQUESTS = 429
_LONGEST = timedelta(seconds=60)
_TIMES = 3


class Patience:
    """Sends again after a 429 that says how long to wait, three times at most.

    Entra itself logs a failure and tries again in its next cycle; so does this, unless it
    is told to honour Retry-After, or when the wait would be longer than a minute. A request
    that was answered by 429 was not carried out, so that it is safe to send it again.
    """

    def __init__(
        self,
        *,
        honour_retry_after: bool,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._times = _TIMES if honour_retry_after else 0
        self._now, self._sleep = now, sleep

    async def send(self, transmit: Callable[[], Awaitable[Answer]]) -> Answer:
        """Send, and send again while the target asks for it."""
        answer = await transmit()
        for _ in range(self._times):
            wait = self._asked_for(answer)
            if wait is None or wait > _LONGEST:
                break
            await self._sleep(wait.total_seconds())
            answer = await transmit()
        return answer

    def _asked_for(self, answer: Answer) -> timedelta | None:
        """How long to wait (RFC 9110 §10.2.3): so many seconds, or until a moment."""
        text = answer.headers.get("retry-after", "").strip()
        if answer.status != _TOO_MANY_REQUESTS or not text:
            return None
        if text.isdecimal():
            return timedelta(seconds=int(text[:9]))
        try:
            until = parsedate_to_datetime(text)
        except ValueError:
            return None
        zoned = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(timedelta(0), zoned - self._now())
