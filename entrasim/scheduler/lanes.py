"""The lanes of all jobs: those that are always there, and those that come and go."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from entrasim.model.job import Job
from entrasim.scheduler import events
from entrasim.scheduler.lane import Lane

FindJobs = Callable[[], Awaitable[Sequence[Job]]]
"""Finds the jobs that come and go, as they are now."""


class Lanes:
    """Keeps a lane for each job; one that was removed finishes its running cycle first."""

    def __init__(
        self, jobs: Sequence[Job], lane_of: Callable[[Job], Lane], made: FindJobs | None
    ) -> None:
        self._lane_of, self._made = lane_of, made
        self._fixed = tuple(map(lane_of, jobs))
        self._passing: dict[str, Lane] = {}
        self._unreadable = False

    @property
    def all(self) -> tuple[Lane, ...]:
        """The lanes in which cycles begin."""
        return (*self._fixed, *self._passing.values())

    async def renew(self) -> None:
        """See which jobs came and went, and what they are told to do now.

        If that can't be read, everything goes on as it was.
        """
        if self._made is None:
            return
        try:
            found = {job.id: job for job in await self._made()}
        except Exception as error:  # noqa: BLE001 - nor may a job that was made end the daemon
            if not self._unreadable:
                events.jobs_unreadable(error)
            self._unreadable = True
            return
        self._unreadable = False
        ending = {known: lane for known, lane in self._passing.items() if lane.running}
        self._passing = ending | {known: self._lane(job) for known, job in found.items()}

    def _lane(self, job: Job) -> Lane:
        """The lane of a job, as the job is now; a running cycle keeps what it began with."""
        lane = self._passing.get(job.id) or self._lane_of(job)
        lane.job = job
        return lane
