"""What a command opens to do its work, and how a signal ends it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from entrasim.cli import output
from entrasim.cli.options import Common

if TYPE_CHECKING:
    from entrasim.bootstrap import Assembled, Enlisted
    from entrasim.config import Configuration
    from entrasim.model.job import Job
    from entrasim.ports import Clock, Observer
    from entrasim.state import SqlStore

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@asynccontextmanager
async def opened(
    common: Common, clock: Clock | None = None
) -> AsyncIterator[tuple[Configuration, SqlStore]]:
    """The configuration and its store, closed at the end; by the machine's clock, or another."""
    from entrasim.bootstrap import open_store  # noqa: PLC0415 - slow to import, not for --help
    from entrasim.scheduler.clocks import SystemClock  # noqa: PLC0415 - likewise

    configuration = common.load()
    store = open_store(configuration, clock or SystemClock())
    try:
        yield configuration, store
    finally:
        await store.close()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The job that a command is about, and what is remembered of it."""

    enlisted: Enlisted
    store: SqlStore
    clock: Clock

    @property
    def job(self) -> Job:
        """The job."""
        return self.enlisted.job


@asynccontextmanager
async def chosen(common: Common) -> AsyncIterator[Chosen]:
    """The job of --job, whether or not it can run, and its state."""
    from entrasim.bootstrap import Roster  # noqa: PLC0415 - likewise
    from entrasim.scheduler.clocks import SystemClock  # noqa: PLC0415 - likewise

    clock = SystemClock()
    async with opened(common) as (configuration, store):
        roster = Roster.of(configuration, store, clock)
        yield Chosen(await roster.find(common.job), store, clock)


@asynccontextmanager
async def world(
    common: Common,
    *,
    observer: Observer | None = None,
    stopping: Callable[[], bool] = lambda: False,
    on_demand: bool = False,
) -> AsyncIterator[Assembled]:
    """The chosen job with everything it needs."""
    from entrasim.bootstrap import assembled  # noqa: PLC0415 - likewise

    async with (
        chosen(common) as known,
        assembled(
            known.enlisted.settings,
            known.store,
            known.clock,
            observer=observer,
            stopping=stopping,
            on_demand=on_demand,
        ) as found,
    ):
        yield found


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Let the first Ctrl-C or SIGTERM end a cycle after what is in flight; the second is final."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    task = asyncio.current_task()

    def ask() -> None:
        if asked.is_set() and task is not None:
            task.cancel()
        elif not asked.is_set():
            output.note("Ending after the objects in flight; once more ends it at once.")
        asked.set()

    with _on_signals(loop, ask):
        yield asked.is_set


@contextmanager
def breakable() -> Iterator[None]:
    """Let Ctrl-C or SIGTERM end what runs at once, but orderly."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    with _on_signals(loop, lambda: task.cancel() if task else None):
        yield


@contextmanager
def told_to_stop() -> Iterator[asyncio.Event]:
    """An event that Ctrl-C or SIGTERM sets, for what stays up until then.

    Whoever says that it is up should say so inside, so that it can be stopped from then on.
    """
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    with _on_signals(loop, asked.set):
        yield asked


@contextmanager
def _on_signals(loop: asyncio.AbstractEventLoop, do: Callable[[], object]) -> Iterator[None]:
    """Have something done on each signal; a task cancelled by it ends as Ctrl-C does."""
    for number in _SIGNALS:
        loop.add_signal_handler(number, do)
    try:
        yield
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
