"""Sending again: what is safe to repeat, how often, and after how long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import SystemRandom

from entrasim.errors import StoppedError
from entrasim.fan_out import STOPPED, stand_aside
from entrasim.transport.client import Answer
from entrasim.transport.errors import NoAnswerError, NotSentError, TransportError

_NOT_CARRIED_OUT = frozenset({429, 503})
_IN_BETWEEN = frozenset({502, 504})  # a gateway says so: what is behind it may have acted
_REPEATABLE = frozenset({"GET", "DELETE"})
_TOLD_TIMES = 3
_LONGEST_TOLD = timedelta(seconds=60)
_ALTOGETHER = timedelta(minutes=3)
_FIRST = timedelta(seconds=1)
_LONGEST = timedelta(seconds=30)
_NAP = timedelta(seconds=0.25)  # between two looks at whether to stop
_CHANCE = SystemRandom()

Outcome = Answer | TransportError


class Patience:
    """Sends again what is safe to repeat, after a while.

    Safe is what never left, or was answered 429 or 503, whatever its method; and a GET or
    DELETE that got no answer, or 502 or 504. A POST or PATCH whose answer was lost is never
    repeated. Each time the wait is chosen at random between nothing and twice the bound of
    the time before (full jitter: aws.amazon.com/blogs/architecture/
    exponential-backoff-and-jitter). A target that says by Retry-After how long to wait is
    obeyed, if this is told to honour it, and three times at least; else, and if it asks for
    more than a minute, the request is not repeated. No request waits more than three minutes
    altogether. While it waits, others are sent; it ends at once when they end. `in_between`
    are the answers after which a GET or DELETE is repeated, `longest_told` and `altogether`
    other bounds, for servers that want them.

    Entra itself repeats nothing: it logs a failure and tries again in its next cycle
    (learn.microsoft.com/entra/identity/app-provisioning/how-provisioning-works).
    """

    def __init__(  # noqa: PLR0913 - how patient, and what a test hands in
        self,
        *,
        retries: int = 0,
        honour_retry_after: bool = False,
        in_between: Collection[int] = _IN_BETWEEN,
        longest_told: timedelta = _LONGEST_TOLD,
        altogether: timedelta = _ALTOGETHER,
        stopping: Callable[[], bool] = lambda: False,
        chance: Callable[[], float] = _CHANCE.random,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._retries, self._stopping = retries, stopping
        self._told_times = max(retries, _TOLD_TIMES) if honour_retry_after else 0
        self._in_between, self._longest_told = in_between, longest_told
        self._altogether = altogether
        self._chance, self._now, self._sleep = chance, now, sleep

    async def send(self, method: str, transmit: Callable[[], Awaitable[Answer]]) -> Answer:
        """Send, and send again while that is safe and worth it.

        The answer, or the error, says how often it was sent.

        Raises:
            TransportError: the last time no answer came.
            StoppedError: its cycle ended while it waited; it was not carried out.
        """
        waited = timedelta()
        times = 1
        while True:
            outcome = await _outcome(transmit)
            wait = self._wait(method, outcome, times)
            if wait is None or waited + wait > self._altogether:
                return _told(outcome, times)
            await self._pause(wait)
            waited += wait
            times += 1

    def _wait(self, method: str, outcome: Outcome, times: int) -> timedelta | None:
        """How long to wait before sending again; None if it should not be."""
        if not self._is_repeatable(method, outcome):
            return None
        told = retry_after(outcome, self._now()) if isinstance(outcome, Answer) else None
        if told is not None:
            return told if times <= self._told_times and told <= self._longest_told else None
        if times > self._retries:
            return None
        return min(_FIRST * 2.0 ** (times - 1), _LONGEST) * self._chance()

    def _is_repeatable(self, method: str, outcome: Outcome) -> bool:
        match outcome:
            case NotSentError():
                return not outcome.lasting
            case NoAnswerError():
                return method in _REPEATABLE
            case Answer(status=status) if status in self._in_between:
                return method in _REPEATABLE
            case Answer(status=status):
                return status in _NOT_CARRIED_OUT
            case _:
                return False

    async def _pause(self, wait: timedelta) -> None:
        is_ending, left = stand_aside(), wait
        while True:
            if self._stopping() or is_ending():
                raise StoppedError(STOPPED)
            if not left:
                return
            await self._sleep(min(left, _NAP).total_seconds())
            left -= min(left, _NAP)


def retry_after(answer: Answer, now: datetime) -> timedelta | None:
    """How long a busy target asks to wait: so many seconds, or until a moment.

    Source: RFC 9110 §10.2.3. None if it doesn't, or says it in another way.
    """
    text = answer.headers.get("retry-after", "").strip()
    if answer.status not in _NOT_CARRIED_OUT or not text:
        return None
    if text.isdecimal():
        return timedelta(seconds=int(text[:9]))
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    zoned = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(timedelta(0), zoned - now)


async def _outcome(transmit: Callable[[], Awaitable[Answer]]) -> Outcome:
    try:
        return await transmit()
    except TransportError as error:
        return error


def _told(outcome: Outcome, times: int) -> Answer:
    if isinstance(outcome, TransportError):
        outcome.times = times
        raise outcome
    return replace(outcome, times=times)
