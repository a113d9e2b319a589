"""Work on many objects side by side, a bounded number at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from entrasim.errors import StoppedError

T = TypeVar("T")

ASIDE = 4
"""How many times the width may stand aside; what waits is remembered and costs memory."""


async def fan_out(
    subjects: Iterable[T],
    work: Callable[[T], Awaitable[None]],
    *,
    width: int,
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    """Give each subject to `work`, begun in their order, `width` at a time.

    Subjects that stand aside don't count. The first error ends it: what is under way is let
    finish, nothing new begins, and who stands aside learns of it.

    Raises:
        StoppedError: `stopping` said so before all had begun.
    """
    await _FanOut(subjects, work, width, stopping).run()


def stand_aside() -> Callable[[], bool]:
    """Let another subject begin, since this one has to wait.

    Gives what tells whether it should wait no longer, because its fan-out is ending. Outside
    of a fan-out nothing happens. A fan-out inside another gives way in both.
    """
    place = _PLACE.get()
    if place is None:
        return lambda: False
    place.give_up()
    return place.is_ending


def ending() -> bool:
    """Whether the fan-out that this is part of, if any, begins nothing new."""
    place = _PLACE.get()
    return place is not None and place.is_ending()


class _FanOut(Generic[T]):
    def __init__(
        self,
        subjects: Iterable[T],
        work: Callable[[T], Awaitable[None]],
        width: int,
        stopping: Callable[[], bool],
    ) -> None:
        self._subjects, self._work, self._width = iter(subjects), work, width
        self._stopping, self._outer = stopping, _PLACE.get()
        self._failures: list[BaseException] = []
        self._aside = 0

    async def run(self) -> None:
        async with asyncio.TaskGroup() as self._group:
            for _ in range(self._width):
                self._group.create_task(self._go_through())
        if self._failures:
            raise self._failures[0]

    def is_ending(self) -> bool:
        if not self._failures and self._stopping():
            self._failures.append(StoppedError(STOPPED))
        return bool(self._failures)

    def replace(self) -> bool:
        """Have somebody else go on, unless too many stand aside already."""
        if self._aside >= self._width * ASIDE:
            return False
        self._aside += 1
        self._group.create_task(self._go_through())
        return True

    async def _go_through(self) -> None:
        """Work on one subject after the other, until there is none or somebody replaces this."""
        place = _Place(self, self._outer)
        _PLACE.set(place)
        for subject in self._subjects:
            if self.is_ending():
                return
            try:
                await self._work(subject)
            except asyncio.CancelledError:
                raise
            except BaseException as error:  # noqa: BLE001 - raised when the others are through
                self._failures.append(error)
            if place.given_up:
                self._aside -= 1
                return


@dataclass(slots=True)
class _Place:
    """Where a subject is worked on."""

    fan_out: _FanOut[Any]
    outer: _Place | None
    given_up: bool = False

    def give_up(self) -> None:
        if not self.given_up:
            self.given_up = self.fan_out.replace()
        if self.outer:
            self.outer.give_up()

    def is_ending(self) -> bool:
        return self.fan_out.is_ending() or (self.outer is not None and self.outer.is_ending())


_PLACE: ContextVar[_Place | None] = ContextVar("place", default=None)
STOPPED = "the cycle was asked to stop; the next one goes on"
