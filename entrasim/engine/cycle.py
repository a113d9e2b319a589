"""A cycle: carry every change since the watermark to the target, once."""

from __future__ import annotations

from msgspec.structs import replace

from entrasim.engine import announcing, closing, intake, phases
from entrasim.engine.beginning import NOW, beginning, refuse_idle
from entrasim.engine.compiled import compile_schema
from entrasim.engine.expressions.surroundings import surroundings_of
from entrasim.engine.space import Space
from entrasim.engine.work import Work
from entrasim.errors import EntrasimError
from entrasim.model.cycle import CycleRequest, TaskExecution
from entrasim.model.job import Job, JobState
from entrasim.ports import Ports


async def run_cycle(job: Job, ports: Ports, request: CycleRequest = NOW) -> TaskExecution:
    """Run one cycle of a job that is active.

    When this returns or raises, the store holds what was done and what is left to do; the
    next cycle goes on from there, and does so after a kill as well.

    Raises:
        JobPausedError: the job is paused, or disabled.
        JobRunningError: another process runs this job's cycle.
        SourceError: the directory can't be believed; nothing was written.
        CycleError: the target can't be written to (any more).
    """
    async with ports.store.lock(job.id):
        state = await ports.store.job_state(job)
        refuse_idle(job, state)
        try:
            execution = await carry(job, state, ports, request)
        except EntrasimError:
            await announcing.announce(job, ports)
            raise
        await announcing.announce(job, ports)
        return execution


async def carry(job: Job, state: JobState, ports: Ports, request: CycleRequest) -> TaskExecution:
    """Read, decide, do, record; whoever calls holds the job's lock."""
    begun = beginning(job, state, request)
    job = begun.job
    opened = await ports.store.open_cycle(job, begun.kind, ports.clock.now())
    cycle = replace(opened, reason=begun.reason)
    space = Space(await ports.store.connector_space(job.id))
    work = Work(job, cycle, ports, space, compile_schema(job.schema, surroundings_of(job, ports)))
    try:
        await ports.target.probe(list(work.compiled))
        reached = await intake.read(work, state, request)
        await phases.settle_what_is_open(work)
        await phases.see_off(work, state)
        await phases.bring_up_to_date(work)
        await phases.welcome(work)
        await phases.resolve_references(work)
    except EntrasimError as error:
        await closing.fail(work, state, error)
        raise
    return await closing.succeed(work, state, reached)
