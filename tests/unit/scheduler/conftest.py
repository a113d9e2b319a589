"""Daemons that are stopped when their test is over."""

from __future__ import annotations

import pytest
from timetable import Timetable


@pytest.fixture
async def daemon_of():
    """Starts the daemon of some jobs, and waits until nothing runs unless it is held."""
    started: list[Timetable] = []

    async def start(*jobs, held=()):
        timetable = Timetable(*jobs)
        for job_id in held:
            timetable.cycles.hold(job_id)
        started.append(timetable)
        await timetable.start()
        if held:
            await timetable.cycles.beginnings.get()
        else:
            await timetable.daemon.wait_idle()
        return timetable

    yield start
    for timetable in started:
        timetable.daemon.request_stop()
        await timetable.running
