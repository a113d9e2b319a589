"""sync, plan, provision-on-demand, test-connection: one cycle, or a part of one."""

from __future__ import annotations

import asyncio
from typing import Annotated

from cyclopts import Parameter

from entrasim.cli import output
from entrasim.cli.options import COMMON, Common
from entrasim.cli.world import stoppable, world
from entrasim.model.cycle import CycleRequest, TaskExecution

PARTLY, QUARANTINED = 1, 3


def sync(*, full: bool = False, accept_shrunk_source: bool = False, common: Common = COMMON) -> int:
    """Run one cycle now, in the foreground.

    Ctrl-C ends it after the objects in flight; the next one goes on from there.

    Args:
        full: An initial cycle: evaluate everybody, whatever the watermark says.
        accept_shrunk_source: Believe, this once, a directory that lost more than half.
        common: Options of every such command.
    """
    request = CycleRequest(full=full, accept_shrunk_source=accept_shrunk_source)
    return asyncio.run(_sync(request, common))


async def _sync(request: CycleRequest, common: Common) -> int:
    from entrasim.api.summaries import task_execution  # noqa: PLC0415 - not for --help
    from entrasim.cli import story  # noqa: PLC0415 - likewise
    from entrasim.cli.watching import Watching  # noqa: PLC0415 - likewise
    from entrasim.engine.cycle import run_cycle  # noqa: PLC0415 - likewise

    with stoppable() as stopping, Watching(quiet=common.json) as watching:
        async with world(common, observer=watching, stopping=stopping) as found:
            execution = await run_cycle(found.job, found.ports, request)
    if not request.full:
        story.beginning(execution.cycle)
    if common.json:
        output.as_json(task_execution(execution))
    else:
        watching.tell()
        story.summary(execution)
    _advise(execution)
    return _exit_code(execution)


def plan(
    *, full: bool = False, explain: bool = False, requests: bool = False, common: Common = COMMON
) -> int:
    """Show what `sync` would do, and why; sends nothing but reads.

    Args:
        full: As an initial cycle would do it.
        explain: Show every step's verdict, and who is skipped.
        requests: Show the exact requests: method, URL and body.
        common: Options of every such command.
    """
    return asyncio.run(_plan(CycleRequest(full=full), common, explain=explain, requests=requests))


async def _plan(request: CycleRequest, common: Common, *, explain: bool, requests: bool) -> int:
    from entrasim.cli import planning, story  # noqa: PLC0415 - not for --help
    from entrasim.engine import rehearsal  # noqa: PLC0415 - likewise

    async with world(common) as found:
        execution, outcomes = await rehearsal.plan(found.job, found.ports, found.store, request)
        preview = found.ports.target.preview
        if not request.full:
            story.beginning(execution.cycle)
        if common.json:
            output.as_json(planning.as_json(execution, outcomes, preview))
        else:
            planning.show(execution, outcomes, preview, explain=explain, requests=requests)
    return _exit_code(execution)


def provision_on_demand(
    subject: str,
    /,
    *,
    member: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    common: Common = COMMON,
) -> int:
    """Provision one object now, showing every step; the watermark stays where it is.

    It works while the job is paused, too.

    Args:
        subject: An id, UPN, mail address or display name.
        member: A member of the group to carry over with it, up to five times; the
            others wait for the next cycle.
        common: Options of every such command.
    """
    return asyncio.run(_provision_on_demand(subject, member, common))


async def _provision_on_demand(subject: str, members: tuple[str, ...], common: Common) -> int:
    from entrasim.cli import planning, story  # noqa: PLC0415 - not for --help
    from entrasim.engine.on_demand import provision_on_demand as provision  # noqa: PLC0415 - likewise

    async with world(common, on_demand=True) as found:
        outcomes = await provision(found.job, subject, found.ports, members)
    for outcome in outcomes:
        if common.json:
            output.as_json(planning.outcome_as_json(outcome))
            continue
        output.show(story.headline(outcome))
        for text in (*story.steps(outcome), *story.changes(outcome.decision)):
            output.show(text)
    return PARTLY if any(outcome.failure for outcome in outcomes) else 0


def test_connection(*, common: Common = COMMON) -> int:
    """Ask the target for somebody who can't exist, as Entra's Test Connection does.

    The directory is asked too, for a little of all that a cycle reads. What is wrong, if
    anything is, comes with a diagnosis.
    """
    return asyncio.run(_test_connection(common))


async def _test_connection(common: Common) -> int:
    from entrasim.engine.compiled import compile_schema  # noqa: PLC0415 - not for --help

    async with world(common) as found:
        await found.ports.target.probe(list(compile_schema(found.job.schema)))
        source = await found.ports.directory.probe()
        url = found.job.target_url
    if common.json:
        told = {"jobId": found.job.id, "baseUrl": url, "connected": True, "source": source}
        output.as_json(told)
    else:
        output.line(("✓ ", "green"), f"the directory can be read: {', '.join(source)}")
        output.line(("✓ ", "green"), f"{url} answers as a SCIM endpoint and accepts the token")
    return 0


def _exit_code(execution: TaskExecution) -> int:
    if execution.health.quarantine is not None:
        return QUARANTINED
    return PARTLY if execution.counts.escrowed else 0


def _advise(execution: TaskExecution) -> None:
    """Say what to do about a cycle that did not do everything."""
    held = execution.health.quarantine
    if held is not None:
        output.note(f"Warning: {held.reason.value}: {held.message}")
    if execution.counts.escrowed:
        output.note("What failed, and when it is tried again: entrasim job status")
