"""On the machine's clock APScheduler wakes the daemon."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from timetable import Cycles, a_job

from entrasim.model.job import ScheduleState
from entrasim.scheduler import ticker
from entrasim.scheduler.clocks import SystemClock
from entrasim.scheduler.daemon import Daemon
from entrasim.testing.memory_store import MemoryStore


@pytest.fixture
async def started():
    """Starts a daemon on the machine's clock; gives its store and its cycles."""
    running = []

    async def start(job):
        store, clock = MemoryStore(), SystemClock()
        cycles = Cycles(store, clock)
        daemon = Daemon([job], store, clock, cycles)
        running.append((daemon, asyncio.create_task(daemon.run())))
        return store, cycles

    yield start
    for daemon, task in running:
        daemon.request_stop()
        await task


async def test_cycles_follow_each_other_at_the_interval(started):
    interval = timedelta(milliseconds=20)
    _, cycles = await started(a_job(interval=interval))

    for _ in range(3):
        await cycles.beginnings.get()

    moments = [began_at for _, began_at in cycles.began]
    assert moments[1] - moments[0] >= interval
    assert moments[2] - moments[1] >= interval


async def test_start_by_another_process_is_obeyed(started, monkeypatch):
    monkeypatch.setattr(ticker, "POLL", timedelta(milliseconds=5))
    job = a_job(starts_active=False)
    store, cycles = await started(job)

    await store.set_schedule(job, ScheduleState.ACTIVE)
    begun = await cycles.beginnings.get()

    assert begun == "engagedly"


async def test_wish_moves_the_wake_up_forward(started, monkeypatch):
    monkeypatch.setattr(ticker, "POLL", timedelta(milliseconds=5))
    job = a_job()
    store, cycles = await started(job)
    await cycles.beginnings.get()

    await store.want_cycle(job, SystemClock().now())
    await cycles.beginnings.get()

    assert len(cycles.began) == 2
