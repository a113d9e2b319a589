"""What wakes the daemon: the clock on the wall by APScheduler, or a virtual one by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from entrasim.ports import Clock
from entrasim.scheduler.clocks import VirtualClock

POLL = timedelta(seconds=1)
"""How soon the daemon sees what another process wrote into the store."""

_WAKE_UP = "wake-up"


class Ticker(Protocol):
    """Calls the daemon when something is due."""

    def start(self) -> None:
        """Begin, inside the running event loop."""

    def wake_at(self, moment: datetime | None) -> None:
        """Move the one wake-up; None takes it away."""

    async def stop(self) -> None:
        """Call nobody any more."""


def ticker_for(
    clock: Clock, wake: Callable[[], None], refresh: Callable[[], Awaitable[None]]
) -> Ticker:
    """The ticker that goes by a clock.

    `wake` is called when something may be due, `refresh` each second so that it can look
    for changes and move the wake-up.
    """
    if isinstance(clock, VirtualClock):
        return VirtualTicker(clock, wake)
    return WallTicker(wake, refresh)


class WallTicker:
    """One wake-up in memory, and a look at the store each second.

    APScheduler remembers nothing that matters: what is due stands in the store.
    """

    def __init__(self, wake: Callable[[], None], refresh: Callable[[], Awaitable[None]]) -> None:
        self._wake = wake
        self._refresh = refresh
        self._polling: asyncio.Task[None] | None = None
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            # However late the wake-up comes, it comes: a machine that slept has work to do.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin, inside the running event loop."""
        self._scheduler.start()
        self._polling = asyncio.create_task(self._poll())

    def wake_at(self, moment: datetime | None) -> None:
        """Move the one wake-up; None takes it away."""
        if self._polling is None:
            return
        present = self._scheduler.get_job(_WAKE_UP)
        if present is not None and present.next_run_time == moment:
            return
        if moment is not None:
            self._scheduler.add_job(
                self._fire, "date", run_date=moment, id=_WAKE_UP, replace_existing=True
            )
        elif present is not None:
            present.remove()

    async def stop(self) -> None:
        """Call nobody any more."""
        if self._polling is None:
            return
        polling, self._polling = self._polling, None
        self._scheduler.shutdown(wait=False)
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)

    async def _fire(self) -> None:  # a coroutine function runs in the loop, others in a thread
        self._wake()

    async def _poll(self) -> None:
        # By the loop's own clock: APScheduler's would rest for as long as somebody sets
        # the machine's clock back, and this look is what moves the wake-up then.
        while True:
            await asyncio.sleep(POLL.total_seconds())
            await self._refresh()


class VirtualTicker:
    """Wakes the daemon each time a virtual clock was advanced, and at no other time."""

    def __init__(self, clock: VirtualClock, wake: Callable[[], None]) -> None:
        self._clock = clock
        self._wake = wake
        self._forget: Callable[[], None] | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._forget = self._clock.on_advance(self._wake)

    def wake_at(self, moment: datetime | None) -> None:
        """Nothing to do: whoever advances the clock wakes the daemon."""

    async def stop(self) -> None:
        """Listen no more."""
        if self._forget is not None:
            self._forget()
            self._forget = None
