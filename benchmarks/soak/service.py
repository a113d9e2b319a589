"""The service as its operator sees it: cycles at their due moments, and a hand on the switch.

Time in which nothing would happen is skipped: a cycle that finds nothing changed and nothing due
sends its probe and no more. When the next one may begin is what the scheduler itself says.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from random import Random

from benchmarks.soak.endpoint import Endpoint, Strike
from benchmarks.soak.engine import NOT_YET, Engine

INTERVAL = timedelta(minutes=40)


class Service:
    """Runs cycles and takes orders.

    Attributes:
        now: the simulation's time.
        cycles: how many cycles ended, whatever came of them.
        standing: how the job stood after the last order.
    """

    def __init__(self, engine: Engine, endpoint: Endpoint, now: datetime, chance: Random) -> None:
        self.engine, self.endpoint, self.now = engine, endpoint, now
        self.cycles = 0
        self.standing = NOT_YET
        self._chance = chance

    async def cycle(self, *, deadly: bool = False) -> bool:
        """Run the next cycle, and perhaps kill it; whether it came through."""
        before = self.standing.cycle
        self.now = self._next_moment()
        if deadly:
            await self.engine.make_ready()
            self.endpoint.strike = self._strike()
        await self.order("run")
        self.endpoint.strike = None
        ran = self.standing.cycle != before
        self.cycles += ran
        return ran and self.standing.state in {"Succeeded", "EntryLevelErrors"}

    async def order(self, do: str, scopes: str = "") -> None:
        """Have something done now; after a kill another process looks what is there."""
        answer = await self.engine.order(do, self.now, scopes)
        while answer is None:
            answer = await self.engine.order("look", self.now)
        self.standing = answer

    def wait(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by

    def wait_for_escrows(self) -> None:
        """Let time pass until the first escrow has come due."""
        self.now = max(self.now, self.standing.escrow_due_at or self.now)

    def _next_moment(self) -> datetime:
        """The first moment from now on at which a cycle would have begun, had each been run."""
        due = self.standing.due_at if self.standing.cycle else self.now
        if due is None:
            raise RuntimeError(f"a cycle was wanted of a job that has none due: {self.standing}")
        missed = max(0, ceil((self.now - due) / INTERVAL))
        return due + missed * INTERVAL

    def _strike(self) -> Strike:
        chance = self._chance
        return Strike(
            at=1 + int(chance.expovariate(1 / 12)),
            answered=chance.random() < 0.6,  # noqa: PLR2004 - rather after than before
            delay=chance.choice((0, 0, 0.001, 0.01, 0.05)),
            kill=self.engine.kill,
        )
