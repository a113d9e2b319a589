"""The clock that tests turn."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import takewhile
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import JSONResponse

from entrasim.api.graph_error import bad_request
from entrasim.api.sent import sent
from entrasim.api.summaries import moment, task_execution
from entrasim.api.surroundings import Surroundings
from entrasim.config.durations import duration
from entrasim.model.cycle import TaskExecution
from entrasim.scheduler.clocks import VirtualClock

_LONGEST = timedelta(days=365)
_MOST_CYCLES = 1000  # of one job, while one request waits

Amount = Annotated[float, Meta(ge=0, le=1e9)]


class Advance(Struct, frozen=True, forbid_unknown_fields=True):
    """How far to turn the clock: by a duration, or by numbers that add up."""

    by: str | None = None
    days: Amount = 0
    hours: Amount = 0
    minutes: Amount = 0
    seconds: Amount = 0

    def span(self) -> timedelta:
        """The time it is.

        Raises:
            ValueError: it is none, said twice, or longer than a year.
        """
        numbers = timedelta(
            days=self.days, hours=self.hours, minutes=self.minutes, seconds=self.seconds
        )
        if self.by is not None and numbers:
            raise ValueError("give either by, or numbers of days, hours, minutes and seconds")
        found = numbers if self.by is None else duration(self.by)
        if not timedelta(0) < found <= _LONGEST:
            raise ValueError('give a time above zero, a year at most, such as {"by": "PT40M"}')
        return found


class Turning:
    """Tells the time and turns it, one turn after the other."""

    def __init__(self, around: Surroundings, clock: VirtualClock) -> None:
        self._around, self._clock = around, clock
        self._turn = asyncio.Lock()

    async def tell(self, _request: Request) -> JSONResponse:
        """Answer the present moment."""
        return JSONResponse({"now": moment(self._clock.now())})

    async def advance(self, request: Request) -> JSONResponse:
        """Turn the clock, and answer once everything that became due has ended."""
        try:
            span = (await sent(request, Advance, if_empty=b"{}")).span()
        except ValueError as error:
            raise bad_request(str(error), "BadRequest") from None
        async with self._turn:
            known = await self._latest()
            self._forward(span)
            await self._around.daemon.wait_idle()
            ended = await self._ended_since(known)
        executions = [task_execution(execution) for execution in ended]
        return JSONResponse({"now": moment(self._clock.now()), "executions": executions})

    def _forward(self, span: timedelta) -> None:
        try:
            self._clock.advance(span)
        except OverflowError:
            raise bad_request("there is no later moment than that", "BadRequest") from None
        self._around.daemon.wake()  # also if it has only just begun to listen to the clock

    async def _latest(self) -> dict[str, str]:
        """The latest cycle of each job that has ended one."""
        lasts = [status.last_execution for status in await self._around.daemon.status()]
        return {last.cycle.job_id: last.cycle.id for last in lasts if last is not None}

    async def _ended_since(self, known: dict[str, str]) -> list[TaskExecution]:
        """All cycles that ended meanwhile, in the order of their ends."""
        found: list[TaskExecution] = []
        for status in await self._around.daemon.status():
            last = known.get(status.job.id)
            latest = await self._around.store.executions(status.job.id, _MOST_CYCLES)
            found += takewhile(lambda ended: ended.cycle.id != last, latest)  # noqa: B023 - used at once
        return sorted(found, key=lambda execution: execution.ended_at)
