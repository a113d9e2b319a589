"""How a cycle begins: whether it is an initial one, under which scope, and why."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from entrasim.errors import JobPausedError
from entrasim.model.cycle import CycleKind, CycleRequest
from entrasim.model.job import Fidelity, Job, JobState, ScheduleState

NOW = CycleRequest()
"""A cycle, and nothing special about it."""

_IDLE = {
    ScheduleState.PAUSED: "paused; start it",
    ScheduleState.DISABLED: "disabled after four weeks of quarantine; mend what led to it "
    "(entrasim job status), and start it",
}


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a cycle begins.

    Attributes:
        job: the job with the scope that the cycle runs under.
        reason: why it is an initial one, for people; empty for an incremental one.
        scope_waits: whether the configured scope waits for a restart.
    """

    kind: CycleKind
    job: Job
    reason: str = ""
    scope_waits: bool = False


def refuse_idle(job: Job, state: JobState) -> None:
    """Let nothing be written for a job that doesn't run.

    Raises:
        JobPausedError: it is paused, or disabled.
    """
    if state.schedule is not ScheduleState.ACTIVE:
        raise JobPausedError(f'job "{job.id}" is {_IDLE[state.schedule]}: entrasim job start')


def beginning(job: Job, state: JobState, request: CycleRequest = NOW) -> Beginning:
    """How the next cycle begins.

    Under Entra's fidelity a changed scope waits for a restart
    (learn.microsoft.com/entra/identity/app-provisioning/known-issues).
    """
    if reason := _why_initial(job, state, request):
        return Beginning(CycleKind.INITIAL, job, reason)
    scope = state.scope or job.scope
    return Beginning(
        CycleKind.INCREMENTAL, replace(job, scope=scope), scope_waits=scope is not job.scope
    )


def _why_initial(job: Job, state: JobState, request: CycleRequest) -> str:
    if request.full:
        return "it was asked for"
    if state.watermark is None and state.last_started_at is None:
        return "it is the first cycle"
    if state.watermark is None:
        return "the job was restarted, or no cycle came through yet"
    if state.schema_fingerprint != job.schema.fingerprint:
        return "the mappings or filters changed since the last cycle"
    rescoped = state.scope is not None and state.scope is not job.scope
    if rescoped and job.fidelity is Fidelity.PRACTICAL:
        return f'the scope changed from "{state.scope}" to "{job.scope}"'
    return ""
