"""entrasim in a process of its own, whose clock is told over a pipe; it is there to be killed.

    python -m benchmarks.soak.worker CONFIG

Each line of standard input is an order; each is answered by one line. The daemon, the schedule,
the state file and the HTTP client are the real ones; only the clock stands still until it is told.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from entrasim import bootstrap
from entrasim.bootstrap import Assembled
from entrasim.config import load
from entrasim.engine.cycle import run_cycle
from entrasim.model.cycle import CycleRequest, TaskExecution
from entrasim.model.job import Job, RestartScope, ScheduleState
from entrasim.scheduler.clocks import VirtualClock
from entrasim.scheduler.daemon import Daemon
from entrasim.scheduler.lane import RunCycle


async def work(path: Path) -> None:
    """Carry orders out until there are none."""
    order = await _order()  # the state stays closed until there is one
    if not order:
        return
    clock = VirtualClock(datetime.fromisoformat(order["at"]))
    configuration = load(path, os.environ)
    store = bootstrap.open_store(configuration, clock)
    async with bootstrap.assembled(configuration.job(None), store, clock) as world:
        desk = Desk(world, clock)
        while order:
            answer = await desk.carry_out(order)
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
            order = await _order()
    await store.close()


class Desk:
    """Carries orders out, and says how the job stands."""

    def __init__(self, world: Assembled, clock: VirtualClock) -> None:
        self._world, self._clock = world, clock
        self._daemon = Daemon([world.job], world.store, clock, _cycle_of(world))

    async def carry_out(self, order: dict[str, str]) -> dict[str, object]:
        """Turn the clock to the order's moment, and do what it says."""
        now = datetime.fromisoformat(order["at"])
        self._clock.advance(now - self._clock.now())
        job, store = self._world.job, self._world.store
        match order["do"]:
            case "run":
                await self._daemon.run_due(now)
                await self._daemon.wait_idle()
            case "pause":
                await store.set_schedule(job, ScheduleState.PAUSED)
            case "start":
                await store.set_schedule(job, ScheduleState.ACTIVE)
                await store.want_cycle(job, now)
            case "restart":
                scopes = {RestartScope(name) for name in order["scopes"].split()}
                await store.restart(job, frozenset(scopes))
                await store.want_cycle(job, now)
        return await self._standing()

    async def _standing(self) -> dict[str, object]:
        (status,) = await self._daemon.status()
        last, state = status.last_execution, status.state
        space = await self._world.store.connector_space(self._world.job.id)
        dues = [escrow.next_due_at for escrow in space.escrows]
        return {
            "cycle": last.cycle.id if last else None,
            "state": last.state.value if last else None,
            "error": ": ".join(last.error) if last and last.error else None,
            "staged": last.counts.staged_deletes if last else 0,
            "dueAt": status.next_due_at.isoformat() if status.next_due_at else None,
            "escrows": len(dues),
            "escrowDueAt": min(dues).isoformat() if dues else None,
            "quarantine": state.quarantine.reason if state.quarantine else None,
            "open": len(space.intents),
        }


def _cycle_of(world: Assembled) -> RunCycle:
    async def run(job: Job, request: CycleRequest, stopping: Callable[[], bool]) -> TaskExecution:
        return await run_cycle(job, replace(world.ports, stopping=stopping), request)

    return run


async def _order() -> dict[str, str]:
    line = await asyncio.to_thread(sys.stdin.readline)
    return json.loads(line) if line else {}


def main() -> None:
    """Work; what the daemon tells goes into a file beside the configuration."""
    path = Path(sys.argv[1])
    logging.basicConfig(filename=path.with_suffix(".log"), level=logging.WARNING)
    asyncio.run(work(path))


if __name__ == "__main__":
    main()
