"""A job that fails as a whole: when it is quarantined, tried again, given up, and well."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from entrasim.engine.cycle import run_cycle
from entrasim.errors import (
    CredentialsRefusedError,
    EntrasimError,
    IncompatibleTargetError,
    JobPausedError,
    StoppedError,
    TargetUnreachableError,
)
from entrasim.model.job import QuarantineReason, RestartScope, Safety, ScheduleState
from entrasim.scheduler.clocks import VirtualClock
from entrasim.scheduler.daemon import Daemon

INTERVAL = timedelta(minutes=40)
REFUSED = CredentialsRefusedError("the token is refused (401)")
DOWN = TargetUnreachableError("nobody answers")


async def state(story):
    return await story.store.job_state(story.job)


async def fail(story, error=REFUSED):
    """Run a cycle whose probe fails."""
    story.target.fault = lambda call, _: error if call == "probe" else None
    with pytest.raises(EntrasimError):
        await story.cycle()
    story.target.fault = lambda _call, _who: None


@pytest.fixture
def daemon(story):
    async def run(job, request, stopping):
        del stopping
        return await run_cycle(job, story.ports, request)

    return Daemon([story.job], story.store, story.clock, run)


async def let_pass(story, daemon, span):
    """Turn the clock, ten minutes at a time; whatever is due then happens."""
    for _ in range(int(span / timedelta(minutes=10))):
        story.clock.advance(timedelta(minutes=10))
        await daemon.run_due(story.clock.now())
        await daemon.wait_idle()


@pytest.mark.parametrize("error", [REFUSED, IncompatibleTargetError("no list")])
async def test_refused_token_or_wrong_url_is_a_quarantine_at_once(story, error):
    story.employ("ada")

    await fail(story, error)

    held = (await state(story)).quarantine
    assert held.reason is QuarantineReason.EXCEPTION
    assert (held.code, held.message) == (error.code, str(error))


async def test_token_refused_in_the_middle_of_a_cycle_is_a_quarantine_at_once(story):
    story.employ("ada")
    story.target.fault = lambda call, _: REFUSED if call == "create" else None

    with pytest.raises(CredentialsRefusedError):
        await story.cycle()

    assert (await state(story)).quarantine.reason is QuarantineReason.EXCEPTION


async def test_target_that_is_down_is_a_quarantine_from_the_third_failure_on(story):
    story.employ("ada")
    seen = []
    for _ in range(3):
        await fail(story, DOWN)
        seen.append((await state(story)).quarantine is not None)

    assert seen == [False, False, True]
    assert (await state(story)).successive_failures == 3


async def test_good_cycle_begins_the_count_of_failures_anew(story):
    story.employ("ada")
    for error in (DOWN, DOWN, None, DOWN, DOWN):
        if error:
            await fail(story, error)
        else:
            await story.cycle()

    stands = await state(story)
    assert (stands.quarantine, stands.successive_failures) == (None, 2)


async def test_source_that_goes_on_failing_is_told_of_by_a_quarantine(story):
    for _ in range(3):
        with pytest.raises(EntrasimError):
            await story.cycle()

    held = (await state(story)).quarantine
    assert held.code == "SourceShrunk"


async def test_number_of_failures_is_a_setting(story):
    story.employ("ada")
    story.configure(safety=Safety(failed_cycles=1))

    await fail(story, DOWN)

    assert (await state(story)).quarantine is not None


async def test_interval_doubles_in_quarantine_up_to_a_day(story, daemon):
    story.employ("ada")
    story.target.fault = lambda call, _: REFUSED if call == "probe" else None
    await let_pass(story, daemon, timedelta(days=6))

    executions = await story.store.executions(story.job.id, 50)

    began = [e.cycle.began_at for e in reversed(executions)]
    minutes = [(b - a) // timedelta(minutes=1) for a, b in pairwise(began)]
    assert minutes[:7] == [80, 160, 320, 640, 1280, 1440, 1440]


async def test_series_counts_how_often_the_quarantine_was_left_in_effect(story):
    story.employ("ada")
    await fail(story)
    first = (await state(story)).quarantine

    await fail(story)
    await fail(story, DOWN)

    again = (await state(story)).quarantine
    assert (first.series_count, again.series_count) == (0, 2)
    assert again.series_began_at == first.series_began_at < again.began_at
    assert again.reason is QuarantineReason.EXCEPTION


async def test_good_cycle_ends_the_quarantine_and_the_interval_is_the_old_one(story, daemon):
    story.employ("ada")
    await fail(story)

    await let_pass(story, daemon, timedelta(minutes=160))

    executions = await story.store.executions(story.job.id, 10)
    began = [e.cycle.began_at for e in reversed(executions)]
    assert [b - a for a, b in pairwise(began)] == [INTERVAL * 2, INTERVAL, INTERVAL]
    assert (await state(story)).quarantine is None


async def test_cycle_runs_when_told_in_quarantine(story):
    story.employ("ada")
    await fail(story)

    execution = await story.cycle()

    assert execution.counts.created == 1
    assert (await state(story)).quarantine is None


async def test_cycle_that_somebody_ended_says_nothing_of_the_job(story):
    story.employ("ada")
    await fail(story)
    before = await state(story)

    await fail(story, StoppedError("asked to end"))

    after = await state(story)
    assert after.quarantine == before.quarantine
    assert after.successive_failures == before.successive_failures


async def test_job_is_disabled_after_four_weeks_of_quarantine(story, daemon):
    story.employ("ada")
    story.target.fault = lambda call, _: REFUSED if call == "probe" else None
    await let_pass(story, daemon, timedelta(days=30))
    ran = len(await story.store.executions(story.job.id, 100))
    await let_pass(story, daemon, timedelta(days=3))

    stands = await state(story)

    assert stands.schedule is ScheduleState.DISABLED
    assert len(await story.store.executions(story.job.id, 100)) == ran
    with pytest.raises(JobPausedError, match="four weeks"):
        await story.cycle()


async def test_job_that_did_not_run_for_a_month_is_not_given_up_by_its_first_cycle(story):
    story.employ("ada")
    await fail(story)
    story.wait(days=30)
    seen = []
    for _ in range(3):
        await fail(story)
        seen.append((await state(story)).schedule)

    assert seen == [ScheduleState.ACTIVE, ScheduleState.ACTIVE, ScheduleState.DISABLED]


async def test_disabled_job_starts_again_with_a_clean_slate(story, daemon):
    story.employ("ada")
    story.target.fault = lambda call, _: REFUSED if call == "probe" else None
    await let_pass(story, daemon, timedelta(days=30))

    story.target.fault = lambda _call, _who: None
    await story.store.set_schedule(story.job, ScheduleState.ACTIVE)
    stands = await state(story)
    await let_pass(story, daemon, INTERVAL)

    assert (stands.quarantine, stands.successive_failures) == (None, 0)
    assert story.employee("ada")["active"] is True


async def test_paused_job_is_not_disabled_by_the_cycle_under_way(story, daemon):
    story.employ("ada")
    story.target.fault = lambda call, _: REFUSED if call == "probe" else None
    await let_pass(story, daemon, timedelta(days=27))
    story.wait(days=2)

    async def pause_then_refuse(_types):
        await story.store.set_schedule(story.job, ScheduleState.PAUSED)
        raise REFUSED

    story.target.probe = pause_then_refuse
    with pytest.raises(CredentialsRefusedError):
        await story.cycle()

    assert (await state(story)).schedule is ScheduleState.PAUSED


async def test_restart_lifts_the_quarantine(story):
    story.employ("ada")
    await fail(story)

    await story.restart(RestartScope.QUARANTINE_STATE)

    stands = await state(story)
    assert (stands.quarantine, stands.successive_failures) == (None, 0)


async def test_staged_leavers_wait_for_a_word_when_the_quarantine_has_another_reason_since(story):
    story.allow_deletions(2)
    for number in range(6):
        story.employ(f"user{number}")
    await story.cycle()
    for number in range(3):
        story.unassign(f"user{number}")
    await story.cycle()
    await fail(story)

    story.assign("user0")
    execution = await story.cycle()

    assert execution.counts.staged_deletes == 2
    assert story.target.writes == []
    assert execution.health.quarantine.reason is QuarantineReason.TOO_MANY_DELETES


async def test_plan_tells_of_a_quarantine_and_makes_none(story):
    story.allow_deletions(2)
    for number in range(6):
        story.employ(f"user{number}")
    await story.cycle()
    for number in range(3):
        story.unassign(f"user{number}")

    execution, _ = await story.plan()

    assert execution.health.quarantine.reason is QuarantineReason.TOO_MANY_DELETES
    assert (await state(story)).quarantine is None


async def test_quarantine_outlasts_a_cycle_that_fails_for_what_is_none_by_itself(story):
    story.allow_deletions(2)
    for number in range(6):
        story.employ(f"user{number}")
    await story.cycle()
    for number in range(3):
        story.unassign(f"user{number}")
    await story.cycle()

    await fail(story, DOWN)

    held = (await state(story)).quarantine
    assert (held.reason, held.series_count) == (QuarantineReason.TOO_MANY_DELETES, 1)


async def test_series_began_no_later_than_a_clock_that_was_set_back(story):
    story.employ("ada")
    await fail(story)
    story.clock = VirtualClock(story.clock.now() - timedelta(days=3))

    await fail(story)

    held = (await state(story)).quarantine
    assert held.series_began_at == held.began_at == story.clock.now()
    assert held.next_attempt_at == story.clock.now() + 2 * INTERVAL
