"""job: start, pause and restart jobs, with or without a daemon."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from cyclopts import App, Parameter

from entrasim.cli import output
from entrasim.cli.options import COMMON, Common
from entrasim.cli.world import chosen, opened
from entrasim.model.job import EMPTY_CRITERIA, Job, RestartScope, ScheduleState

app = App(name="job", help="See, start, pause and restart jobs.")

Scopes = Literal[
    "Watermark", "Escrows", "QuarantineState", "ConnectorDataStore", "Full", "ForceDeletes"
]

_ANEW = frozenset(
    {RestartScope.WATERMARK, RestartScope.CONNECTOR_DATA_STORE, RestartScope.FULL}
)  # any of these makes the next cycle an initial one


@app.command(name="list")
def list_jobs(*, common: Common = COMMON) -> int:
    """List the jobs: those of the configuration, and those made through the API."""
    return asyncio.run(_list(common))


async def _list(common: Common) -> int:
    from entrasim.bootstrap import Roster  # noqa: PLC0415 - not for --help
    from entrasim.scheduler.clocks import SystemClock  # noqa: PLC0415 - likewise

    async with opened(common) as (configuration, store):
        roster = Roster.of(configuration, store, SystemClock())
        known = [await roster.find(common.job)] if common.job else await roster.everybody()
        for one in known:
            job, target = one.job, one.job.target_url or "not configured"
            schedule = (await store.job_state(job)).schedule.value
            if common.json:
                output.as_json({"id": job.id, "graphId": job.graph_id, "schedule": schedule})
            else:
                output.line((f"{job.id:<20} ", "bold"), f"{schedule:<8} ", (target, "dim"))
    return 0


@app.command
def status(*, common: Common = COMMON) -> int:
    """Show how a job stands: schedule, last cycle, what failed, what is held back."""
    return asyncio.run(_status(common))


async def _status(common: Common) -> int:
    from entrasim.cli import standing  # noqa: PLC0415 - not for --help

    async with chosen(common) as found:
        facts = await standing.facts(found)
        now = found.clock.now()
    if common.json:
        output.as_json(facts)
    else:
        standing.show(facts, found.job.interval, now)
    return 0


@app.command
def start(*, common: Common = COMMON) -> int:
    """Start a job, and have the daemon run an incremental cycle now."""
    return asyncio.run(_start(common))


async def _start(common: Common) -> int:
    async with chosen(common) as found:
        await found.store.set_schedule(found.job, ScheduleState.ACTIVE)
        await found.store.want_cycle(found.job, found.clock.now())
    if obstacle := found.enlisted.settings.obstacle:
        return _said(common, found.job, f"started, but no cycle can run: {obstacle}")
    return _said(
        common,
        found.job,
        "started; the daemon runs a cycle within seconds, or as soon as it is up.",
        "Without a daemon: entrasim sync",
    )


@app.command
def pause(*, common: Common = COMMON) -> int:
    """Pause a job: a running cycle finishes, and none begins until it is started."""
    return asyncio.run(_pause(common))


async def _pause(common: Common) -> int:
    async with chosen(common) as found:
        await found.store.set_schedule(found.job, ScheduleState.PAUSED)
    return _said(common, found.job, "paused; a running cycle finishes, none begins")


@app.command
def restart(
    *,
    reset: Annotated[list[Scopes] | None, Parameter(consume_multiple=True)] = None,
    common: Common = COMMON,
) -> int:
    """Forget what a job knows, so that the next cycle begins anew.

    Links between people and their records survive, unless the scope is
    ConnectorDataStore or Full. Without escrows, what failed is tried again when
    it changes, or in an initial cycle. ForceDeletes forgets nothing: it lets the
    leavers go that are held back. A job that was disabled is active again.

    Args:
        reset: What to forget; QuarantineState, Watermark and Escrows without it.
        common: Options of every such command.
    """
    scopes = frozenset(map(RestartScope, reset)) if reset else EMPTY_CRITERIA
    return asyncio.run(_restart(scopes, common))


async def _restart(scopes: frozenset[RestartScope], common: Common) -> int:
    async with chosen(common) as found:
        await found.store.restart(found.job, scopes)
        await found.store.want_cycle(found.job, found.clock.now())
    told = f"restarted ({', '.join(sorted(scopes))}); the next cycle {_next(scopes)}"
    return _said(common, found.job, told, "Without a daemon: entrasim sync")


def _next(scopes: frozenset[RestartScope]) -> str:
    lets_go = "lets go whom the deletion guard held back, if they are still to leave"
    if scopes & _ANEW:
        return "is an initial one" + f", and {lets_go}" * (RestartScope.FORCE_DELETES in scopes)
    return lets_go if RestartScope.FORCE_DELETES in scopes else "is due now"


def _said(common: Common, job: Job, what: str, *further: str) -> int:
    if common.json:
        output.as_json({"jobId": job.id})
    else:
        output.line((f"{job.id} ", "bold"), what)
        for told in further:
            output.line(told)
    return 0
