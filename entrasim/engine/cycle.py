"""A cycle: carry every change since the watermark to the target, once."""

from __future__ import annotations

from msgspec.structs import replace

from entrasim.engine import closing, intake, phases
from entrasim.engine.compiled import compile_schema
from entrasim.engine.space import Space
from entrasim.engine.work import Work
from entrasim.errors import EntrasimError, JobPausedError
from entrasim.model.cycle import CycleKind, CycleRequest, TaskExecution
from entrasim.model.job import Fidelity, Job, JobState, ScheduleState
from entrasim.ports import Ports

NOW = CycleRequest()


async def run_cycle(job: Job, ports: Ports, request: CycleRequest = NOW) -> TaskExecution:
    """Run one cycle of a job that isn't paused.

    When this returns or raises, the store holds what was done and what is left to do; the
    next cycle goes on from there, and does so after a kill as well.

    Raises:
        JobPausedError: the job is paused.
        JobRunningError: another process runs this job's cycle.
        SourceError: the directory can't be believed; nothing was written.
        CycleError: the target can't be written to (any more).
    """
    async with ports.store.lock(job.id):
        state = await ports.store.job_state(job)
        if state.schedule is ScheduleState.PAUSED:
            raise JobPausedError(f'job "{job.id}" is paused; start it: entrasim job start')
        return await carry(job, state, ports, request)


async def carry(job: Job, state: JobState, ports: Ports, request: CycleRequest) -> TaskExecution:
    """Read, decide, do, record; whoever calls holds the job's lock."""
    kind, job = _kind_and_scope(job, state, request)
    cycle = await ports.store.open_cycle(job, kind, ports.clock.now())
    space = Space(await ports.store.connector_space(job.id))
    work = Work(job, cycle, ports, space, compile_schema(job.schema))
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


def _kind_and_scope(job: Job, state: JobState, request: CycleRequest) -> tuple[CycleKind, Job]:
    """Whether the cycle is an initial one, and the job with the scope it runs under.

    Under Entra's fidelity a changed scope waits for a restart
    (learn.microsoft.com/entra/identity/app-provisioning/known-issues).
    """
    rescoped = state.scope is not None and state.scope is not job.scope
    initial = (
        request.full
        or state.watermark is None
        or state.schema_fingerprint != job.schema.fingerprint
        or (rescoped and job.fidelity is Fidelity.PRACTICAL)
    )
    if initial:
        return CycleKind.INITIAL, job
    return CycleKind.INCREMENTAL, replace(job, scope=state.scope or job.scope)
