"""How a job stands, for those who watch it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from entrasim.model.cycle import CycleState, TaskExecution
from entrasim.model.job import Job, JobState, ScheduleState


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job at one moment.

    Attributes:
        running: whether this process runs a cycle of it.
        next_due_at: when its next cycle starts; None while it is paused or disabled.
        last_execution: the latest cycle that ended, whoever ran it.
    """

    job: Job
    state: JobState
    running: bool
    next_due_at: datetime | None
    last_execution: TaskExecution | None

    @property
    def code(self) -> str:
        """Graph's `synchronizationStatusCode`: Paused, Quarantine, NotRun or Active.

        A job that was disabled after a long quarantine is still in it.
        """
        if self.state.schedule is ScheduleState.PAUSED:
            return "Paused"
        if self.state.quarantine is not None:
            return "Quarantine"
        return "NotRun" if self.state.last_started_at is None else "Active"

    @property
    def healthy(self) -> bool:
        """Whether nobody needs to look: no quarantine, and the last cycle came through."""
        last = self.last_execution
        failed = last is not None and last.state is CycleState.FAILED
        return self.state.quarantine is None and not failed
