"""The daemon, the engine and a virtual clock: hours pass, and nobody sleeps."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from entrasim.engine.cycle import run_cycle
from entrasim.model.job import ScheduleState
from entrasim.scheduler.daemon import Daemon

INTERVAL = timedelta(minutes=40)


@pytest.fixture
def daemon(story):
    async def run(job, request, stopping):
        del stopping
        return await run_cycle(job, story.ports, request)

    return Daemon([story.job], story.store, story.clock, run)


async def let_pass(story, daemon, by=INTERVAL):
    """Turn the clock; whatever is due then happens."""
    story.clock.advance(by)
    await daemon.run_due(story.clock.now())
    await daemon.wait_idle()


async def test_ten_cycles_of_forty_minutes_pass_without_sleeping(story, daemon):
    story.employ("ada")
    for number in range(10):
        story.change("ada", jobTitle=f"Title {number}")
        await let_pass(story, daemon)

    executions = await story.store.executions("engagedly", 20)

    began = [execution.cycle.began_at for execution in reversed(executions)]
    assert len(began) == 10
    assert {later - earlier for earlier, later in pairwise(began)} == {INTERVAL}
    assert story.employee("ada")["title"] == "Title 9"
    assert [e.counts.updated for e in executions] == [1] * 9 + [0]


async def test_missed_cycles_count_once(story, daemon):
    story.employ("ada")
    await let_pass(story, daemon)

    await let_pass(story, daemon, INTERVAL * 7.5)
    await let_pass(story, daemon, INTERVAL * 0.9)

    assert len(await story.store.executions("engagedly", 20)) == 2


async def test_paused_job_waits_and_resumes_at_once(story, daemon):
    story.employ("ada")
    await story.store.set_schedule(story.job, ScheduleState.PAUSED)
    await let_pass(story, daemon, INTERVAL * 3)
    paused = await story.store.executions("engagedly", 20)

    await story.store.set_schedule(story.job, ScheduleState.ACTIVE)
    await let_pass(story, daemon, timedelta(seconds=1))

    assert paused == ()
    assert story.employee("ada")["active"] is True


async def test_cycle_that_fails_ends_neither_the_daemon_nor_the_watermark(story, daemon):
    await let_pass(story, daemon)
    failed = await story.store.executions("engagedly", 1)

    story.employ("ada")
    await let_pass(story, daemon)

    assert failed[0].error[0] == "SourceShrunk"
    assert story.employee("ada")["active"] is True
