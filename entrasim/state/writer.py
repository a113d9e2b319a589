"""The one thread that writes: it takes what waits, and commits it together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from entrasim.errors import StateError
from entrasim.state.batch import Batch
from entrasim.state.reasons import reason_of

T = TypeVar("T")

_PATIENCE = 4_000  # how much may wait before whoever brings more has to wait for its commit
_GROUP = 1_000  # how much is committed together at the most


@dataclass(frozen=True, slots=True)
class _Work:
    """Something to write, and whom to tell once it is committed."""

    do: Callable[[Batch, Connection], Any]
    done: Future[Any] | None


class Writer:
    """Commits what it is given, in its order, in groups.

    The first failure ends it: whatever comes after is refused with that failure, so that
    nothing gets lost unnoticed.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: SimpleQueue[_Work | None] = SimpleQueue()
        self._failure: StateError | None = None
        self._failure_told = True
        self._closing = Lock()
        self._closed = False
        self._thread = Thread(target=self._run, name="entrasim-state", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """See that nothing has gone wrong so far.

        Raises:
            StateError: something could not be written, or the writer is closed.
        """
        if self._failure is not None:
            self._failure_told = True
            raise StateError(str(self._failure)) from self._failure.__cause__
        if self._closed:
            raise StateError("the state is closed")

    async def accept(self, take: Callable[[Batch], None]) -> None:
        """Have rows committed soon; returns at once unless too much is waiting already."""
        full = self._queue.qsize() >= _PATIENCE
        await self._put(lambda batch, _: take(batch), wait=full)

    async def commit(self, take: Callable[[Batch], None]) -> None:
        """Commit rows, after whatever waits and together with it."""
        await self._put(lambda batch, _: take(batch), wait=True)

    async def run(self, statement: Callable[[Connection], T]) -> T:
        """Run statements after everything before them, and return once they are committed.

        Raises:
            StateError: they, or something before them, could not be written.
        """

        def do(batch: Batch, connection: Connection) -> T:
            batch.write(connection)
            return statement(connection)

        result: T = await self._put(do, wait=True)
        return result

    def close(self) -> None:
        """Commit what waits and end the thread.

        Raises:
            StateError: something accepted could not be written, and nobody was told yet.
        """
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()
        if not self._failure_told:
            self.check()

    async def _put(self, do: Callable[[Batch, Connection], Any], *, wait: bool) -> Any:  # noqa: ANN401 - what the work gives
        done: Future[Any] | None = None
        if wait:
            done = Future()
            # Running ones can't be cancelled: work that was accepted is done, even if
            # nobody waits for it any more.
            done.set_running_or_notify_cancel()
        with self._closing:
            self.check()
            self._queue.put(_Work(do, done))
        return await asyncio.wrap_future(done) if done else None

    def _run(self) -> None:
        more = True
        while more:
            group = self._next_group()
            more = None not in group
            self._write([work for work in group if work is not None])

    def _next_group(self) -> list[_Work | None]:
        group = [self._queue.get()]
        try:
            while len(group) < _GROUP:
                group.append(self._queue.get_nowait())
        except Empty:
            pass
        return group

    def _write(self, group: list[_Work]) -> None:
        results: list[Any] = []
        try:
            if self._failure is None and group:
                results = self._commit_together(group)
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait must hear it
            self._failure = StateError(f"the state can't be written: {reason_of(error)}")
            self._failure.__cause__ = error
            self._failure_told = False
        self._tell(group, results)

    def _commit_together(self, group: list[_Work]) -> list[Any]:
        with self._engine.begin() as connection:
            batch = Batch()
            results = [work.do(batch, connection) for work in group]
            batch.write(connection)
        return results

    def _tell(self, group: list[_Work], results: list[Any]) -> None:
        for place, work in enumerate(group):
            if work.done is None:
                continue
            if self._failure is None:
                work.done.set_result(results[place])
            else:
                self._failure_told = True
                work.done.set_exception(self._failure)
