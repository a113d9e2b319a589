"""Close a cycle: move the watermark, or leave it where it was."""

from __future__ import annotations

from collections import Counter

from entrasim.engine.safety.deletions import TOO_MANY_DELETES
from entrasim.engine.work import Work
from entrasim.errors import EntrasimError
from entrasim.model.cycle import CycleState, TaskExecution
from entrasim.model.job import JobState, Quarantine
from entrasim.ports import Reached


async def succeed(work: Work, state: JobState, reached: Reached) -> TaskExecution:
    """End a cycle that came through; single objects may have failed in it."""
    partly = work.counts.escrowed > 0
    execution = _execution(work, CycleState.ENTRY_LEVEL_ERRORS if partly else CycleState.SUCCEEDED)
    quarantine = _quarantine(work, state)
    await work.ports.store.close_cycle(execution, reached=reached, quarantine=quarantine)
    return execution


async def fail(work: Work, state: JobState, error: EntrasimError) -> None:
    """End a cycle that could not go on; the next one begins where this one did."""
    execution = _execution(work, CycleState.FAILED, (error.code, str(error)))
    await work.ports.store.close_cycle(execution, reached=None, quarantine=state.quarantine)


def _execution(
    work: Work, ended: CycleState, error: tuple[str, str] | None = None
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
    )


def _quarantine(work: Work, state: JobState) -> Quarantine | None:
    """TooManyDeletes lasts as long as a deletion is staged; a good cycle ends the rest."""
    staged = work.counts.staged_deletes
    if not staged:
        return None
    if state.quarantine is not None and state.quarantine.reason == TOO_MANY_DELETES:
        return state.quarantine
    return Quarantine(
        reason=TOO_MANY_DELETES,
        began_at=work.cycle.began_at,
        message=f"{staged} would leave at once, more than the "
        f"{work.job.safety.deletion_threshold} allowed; allow it by "
        "`entrasim job restart --reset ForceDeletes`, or repair the directory",
    )
