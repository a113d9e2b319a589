"""Work on many objects side by side, a bounded number at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from entrasim.errors import StoppedError

T = TypeVar("T")


async def fan_out(
    subjects: Iterable[T],
    work: Callable[[T], Awaitable[None]],
    *,
    width: int,
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    """Give each subject to `work`, begun in their order, `width` at a time.

    The first error ends it: what is under way is let finish, nothing new begins.

    Raises:
        StoppedError: `stopping` said so before all had begun.
    """
    waiting = iter(subjects)
    failures: list[BaseException] = []

    async def worker() -> None:
        for subject in waiting:
            if failures:
                return
            if stopping():
                failures.append(StoppedError("the cycle was asked to stop; the next one goes on"))
                return
            try:
                await work(subject)
            except Exception as error:  # noqa: BLE001 - raised below, when the others are through
                failures.append(error)

    await asyncio.gather(*(worker() for _ in range(width)))
    if failures:
        raise failures[0]
