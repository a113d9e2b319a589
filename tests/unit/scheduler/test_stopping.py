"""The daemon stops gently when told once, and at once when told twice."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import timedelta

import pytest
from timetable import Timetable, a_job

from entrasim.scheduler.daemon import install_signals


@pytest.fixture
async def busy():
    """A daemon in the middle of a cycle that ends when told to stop."""
    timetable = Timetable(a_job())
    timetable.cycles.hold("engagedly")
    await timetable.start()
    await timetable.cycles.beginnings.get()
    return timetable


@pytest.fixture
async def deaf():
    """A daemon in the middle of a cycle that heeds no stop."""
    begun, broken_off = asyncio.Event(), asyncio.Event()

    async def cycle(_job, _request, _stopping):
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            broken_off.set()

    timetable = Timetable(a_job(), run_cycle=cycle)
    await timetable.start()
    await begun.wait()
    return timetable, broken_off


async def test_stop_returns_after_the_running_cycle_has_ended(busy):
    busy.daemon.request_stop()
    await busy.running

    assert len(busy.cycles.attempts) == 1


async def test_stopped_daemon_starts_nothing_more(busy):
    busy.daemon.request_stop()
    await busy.running

    busy.clock.advance(timedelta(days=1))
    await busy.daemon.run_due(busy.clock.now())
    await busy.daemon.wait_idle()

    assert len(busy.cycles.attempts) == 1


async def test_second_stop_breaks_a_cycle_off(deaf):
    timetable, broken_off = deaf

    timetable.daemon.request_stop()
    timetable.daemon.request_stop()
    await timetable.running

    assert broken_off.is_set()


async def test_daemon_that_is_cancelled_leaves_no_cycle_behind(deaf):
    timetable, broken_off = deaf

    timetable.running.cancel()
    await asyncio.wait({timetable.running})

    assert broken_off.is_set()


async def test_stop_before_the_start_is_obeyed():
    timetable = Timetable(a_job())

    timetable.daemon.request_stop()
    await timetable.daemon.run()

    assert timetable.cycles.attempts == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_signal_stops_the_daemon(busy, number):
    install_signals(asyncio.get_running_loop(), busy.daemon)

    os.kill(os.getpid(), number)
    await busy.running

    assert len(busy.cycles.attempts) == 1
