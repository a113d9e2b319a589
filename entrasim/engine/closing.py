"""Close a cycle: move the watermark, or leave it where it was."""

from __future__ import annotations

from collections import Counter

from entrasim.engine.safety import quarantine
from entrasim.engine.work import Work
from entrasim.errors import EntrasimError
from entrasim.model.cycle import CycleState, TaskExecution
from entrasim.model.job import Health, JobState
from entrasim.ports import Reached


async def succeed(work: Work, state: JobState, reached: Reached) -> TaskExecution:
    """End a cycle that came through; single objects may have failed in it."""
    partly = work.counts.escrowed > 0
    ended = CycleState.ENTRY_LEVEL_ERRORS if partly else CycleState.SUCCEEDED
    staged = len(work.held_back)
    health = quarantine.after_success(work.job, state, work.space, staged, work.cycle)
    execution = _execution(work, ended, health)
    await work.ports.store.close_cycle(execution, reached=reached)
    return execution


async def fail(work: Work, state: JobState, error: EntrasimError) -> None:
    """End a cycle that could not go on; the next one begins where this one did."""
    health = quarantine.after_failure(work.job, state, error, work.cycle)
    execution = _execution(work, CycleState.FAILED, health, (error.code, str(error)))
    await work.ports.store.close_cycle(execution, reached=None)


def _execution(
    work: Work, ended: CycleState, health: Health, error: tuple[str, str] | None = None
) -> TaskExecution:
    sent = Counter(work.ports.target.requests_sent())
    sent.subtract(work.requests_before)
    return TaskExecution(
        cycle=work.cycle,
        state=ended,
        counts=work.counts,
        ended_at=work.ports.clock.now(),
        requests={method: count for method, count in sorted(sent.items()) if count},
        error=error,
        health=health,
    )
