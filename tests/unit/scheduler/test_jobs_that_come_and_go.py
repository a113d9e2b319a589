"""The daemon's jobs that are made and removed while it runs."""

from __future__ import annotations

import logging

import pytest
from timetable import EIGHT, Timetable, a_job

from entrasim.errors import StateError
from entrasim.scheduler.daemon import Daemon


class Fair(Timetable):
    """A timetable whose further jobs come and go."""

    def __init__(self, *jobs):
        super().__init__(*jobs)
        self.made, self.broken = [], False
        self.daemon = Daemon(jobs, self.store, self.clock, self.cycles, made=self._found)

    async def _found(self):
        if self.broken:
            raise StateError("the jobs can't be read")
        return self.made

    async def known(self):
        return [status.job.id for status in await self.daemon.status()]


@pytest.fixture
def fair():
    return Fair(a_job())


async def test_job_that_is_made_runs_from_then_on(fair):
    await fair.look()
    fair.made = [a_job("slack")]

    await fair.look()
    await fair.daemon.wait_idle()

    assert fair.cycles.began == [("engagedly", EIGHT), ("slack", EIGHT)]
    assert await fair.known() == ["engagedly", "slack"]


async def test_job_that_is_removed_runs_no_more(fair):
    fair.made = [a_job("slack")]
    await fair.look()
    await fair.daemon.wait_idle()
    fair.made = []

    await fair.daemon.refresh()
    began = len(fair.cycles.began)
    await fair.pass_time(40)

    assert await fair.known() == ["engagedly"]
    assert [job for job, _ in fair.cycles.began[began:]] == []


async def test_running_cycle_of_a_removed_job_finishes_first(fair):
    fair.made = [a_job("slack")]
    fair.cycles.hold("slack")
    await fair.look()
    while await fair.cycles.beginnings.get() != "slack":
        pass
    fair.made = []

    await fair.daemon.refresh()
    during = await fair.known()
    fair.cycles.let_go("slack")
    await fair.daemon.wait_idle()
    await fair.daemon.refresh()

    assert during == ["engagedly", "slack"]
    assert fair.cycles.ended == ["engagedly", "slack"]
    assert await fair.known() == ["engagedly"]


async def test_job_goes_by_what_it_is_told_now(fair):
    fair.made = [a_job("slack")]
    await fair.look()
    await fair.daemon.wait_idle()
    fair.made = [a_job("slack", target_url="http://another")]

    await fair.daemon.refresh()

    (_, slack) = await fair.daemon.status()
    assert slack.job.target_url == "http://another"


async def test_jobs_that_can_not_be_read_go_on_as_they_were_and_it_is_told_once(fair, caplog):
    fair.made = [a_job("slack")]
    await fair.look()
    await fair.daemon.wait_idle()
    fair.broken = True

    with caplog.at_level(logging.ERROR):
        await fair.daemon.refresh()
        await fair.daemon.refresh()

    told = [record for record in caplog.records if "jobs unreadable" in record.getMessage()]
    assert await fair.known() == ["engagedly", "slack"]
    assert len(told) == 1
