"""When a job's next cycle is due, from what its store remembers and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

from entrasim.model.job import Job, JobState, ScheduleState


def next_due(job: Job, state: JobState, now: datetime) -> datetime | None:
    """Say when the next cycle may start: never before now, None while the job is paused.

    It is due an interval after the last start; at once when that has passed, so that
    many missed cycles count as one, when there was none yet, or when somebody asked for
    one. A wish that was spoken before a pause waits for the end of the pause.

    A last start that lies ahead was written before the clock was set back. How far back
    nobody knows, so the cycle is due at once, and its start puts the record right.
    """
    if state.schedule is ScheduleState.PAUSED:
        return None
    began = state.last_started_at
    if state.cycle_wanted_at is not None or began is None or began > now:
        return now
    return max(began + _distance(job), now)


def _distance(job: Job) -> timedelta:
    """From the start of one cycle to the start of the next; a healthy job's interval."""
    return job.interval
