"""The two clocks: the one on the wall, and the one that tests and the demo turn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is advanced; whoever listens is told."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """The moment it was last advanced to."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Let time pass.

        Raises:
            ValueError: time does not run backwards.
        """
        if by < timedelta(0):
            raise ValueError("a clock can't be turned back")
        self._now += by
        for listener in tuple(self._listeners):
            listener()

    def on_advance(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have something called each time the clock was advanced; the answer ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
