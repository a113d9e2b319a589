"""When a job's next cycle is due, from what its store remembers and nothing else."""

from __future__ import annotations

from datetime import datetime

from entrasim.engine.safety.quarantine import LONGEST_DISTANCE
from entrasim.model.job import Job, JobState, ScheduleState


def next_due(job: Job, state: JobState, now: datetime) -> datetime | None:
    """Say when the next cycle may start: never before now, None while the job doesn't run.

    It is due an interval after the last start, or when its quarantine says; at once when
    that has passed, so that many missed cycles count as one, when there was none yet, or
    when somebody asked for one. A wish that was spoken before a pause waits for the end of
    the pause.

    A last start that lies ahead was written before the clock was set back, and so was a next
    attempt that lies further ahead than any is set. How far back nobody knows, so the cycle
    is due at once, and its start puts the record right.
    """
    if state.schedule is not ScheduleState.ACTIVE:
        return None
    began, held = state.last_started_at, state.quarantine
    if state.cycle_wanted_at is not None or began is None or began > now:
        return now
    if held is None:
        return max(began + job.interval, now)
    furthest = now + max(LONGEST_DISTANCE, job.interval)
    return now if held.next_attempt_at > furthest else max(held.next_attempt_at, now)
