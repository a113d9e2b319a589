"""The daemon starts each cycle when it is due, once."""

from __future__ import annotations

from datetime import timedelta

from timetable import EIGHT, INTERVAL, a_job

from entrasim.errors import JobPausedError, SourceError
from entrasim.model.job import ScheduleState


async def test_ten_cycles_of_forty_minutes_pass_without_waiting(daemon_of):
    timetable = await daemon_of(a_job())

    for _ in range(9):
        await timetable.pass_time(40)

    assert timetable.starts == [EIGHT + n * INTERVAL for n in range(10)]


async def test_nothing_starts_before_its_time(daemon_of):
    timetable = await daemon_of(a_job())

    await timetable.pass_time(39)

    assert timetable.starts == [EIGHT]


async def test_daemon_that_slept_for_days_makes_up_for_one_cycle_only(daemon_of):
    timetable = await daemon_of(a_job())

    await timetable.pass_time(3 * 24 * 60)

    assert timetable.starts == [EIGHT, EIGHT + timedelta(days=3)]


async def test_cycle_that_outlasts_its_interval_is_not_started_twice(daemon_of):
    timetable = await daemon_of(a_job(), held=["engagedly"])

    timetable.clock.advance(timedelta(minutes=90))
    await timetable.look()

    assert timetable.cycles.attempts == ["engagedly"]


async def test_cycle_that_outlasted_its_interval_is_followed_by_one_other(daemon_of):
    timetable = await daemon_of(a_job(), held=["engagedly"])
    timetable.clock.advance(timedelta(minutes=90))
    await timetable.look()

    timetable.cycles.let_go("engagedly")
    await timetable.daemon.wait_idle()

    assert timetable.starts == [EIGHT, EIGHT + timedelta(minutes=90)]


async def test_two_jobs_run_side_by_side(daemon_of):
    timetable = await daemon_of(a_job("sales"), a_job("staff"), held=["sales", "staff"])

    second = await timetable.cycles.beginnings.get()

    assert (second, timetable.cycles.ended) == ("staff", [])


async def test_jobs_keep_their_own_intervals(daemon_of):
    timetable = await daemon_of(
        a_job("hourly", interval=timedelta(hours=1)), a_job("daily", interval=timedelta(days=1))
    )

    for _ in range(4):
        await timetable.pass_time(60)

    assert [job for job, _ in timetable.cycles.began] == ["hourly", "daily", *4 * ["hourly"]]


async def test_pause_lets_the_running_cycle_finish(daemon_of):
    timetable = await daemon_of(a_job(), held=["engagedly"])

    await timetable.store.set_schedule(timetable.jobs[0], ScheduleState.PAUSED)
    await timetable.look()
    timetable.cycles.let_go("engagedly")
    await timetable.daemon.wait_idle()

    assert timetable.cycles.ended == ["engagedly"]


async def test_paused_job_starts_no_cycle(daemon_of):
    timetable = await daemon_of(a_job())
    await timetable.store.set_schedule(timetable.jobs[0], ScheduleState.PAUSED)

    await timetable.pass_time(120)

    assert timetable.starts == [EIGHT]


async def test_job_that_is_resumed_late_runs_at_once(daemon_of):
    timetable = await daemon_of(a_job())
    await timetable.store.set_schedule(timetable.jobs[0], ScheduleState.PAUSED)
    await timetable.pass_time(120)

    await timetable.store.set_schedule(timetable.jobs[0], ScheduleState.ACTIVE)
    await timetable.look()
    await timetable.daemon.wait_idle()

    assert timetable.starts == [EIGHT, EIGHT + timedelta(minutes=120)]


async def test_job_that_is_resumed_early_keeps_its_time(daemon_of):
    timetable = await daemon_of(a_job())
    await timetable.store.set_schedule(timetable.jobs[0], ScheduleState.PAUSED)
    await timetable.pass_time(10)

    await timetable.store.set_schedule(timetable.jobs[0], ScheduleState.ACTIVE)
    await timetable.pass_time(10)

    assert timetable.starts == [EIGHT]


async def test_cycle_that_is_asked_for_runs_once_now(daemon_of):
    timetable = await daemon_of(a_job())
    await timetable.pass_time(10)

    await timetable.store.want_cycle(timetable.jobs[0], timetable.clock.now())
    await timetable.pass_time(0)
    await timetable.pass_time(1)

    assert timetable.starts == [EIGHT, EIGHT + timedelta(minutes=10)]


async def test_cycle_that_is_asked_for_while_one_runs_follows_it(daemon_of):
    timetable = await daemon_of(a_job(), held=["engagedly"])
    await timetable.store.want_cycle(timetable.jobs[0], timetable.clock.now())

    timetable.cycles.let_go("engagedly")
    await timetable.daemon.wait_idle()

    assert timetable.starts == [EIGHT, EIGHT]


async def test_job_that_begins_paused_waits_for_its_start(daemon_of):
    timetable = await daemon_of(a_job(starts_active=False))

    await timetable.pass_time(120)

    assert timetable.starts == []


async def test_failed_cycle_is_followed_by_the_next_in_its_time(daemon_of):
    timetable = await daemon_of(a_job())
    timetable.cycles.failing["engagedly"] = SourceError("users.json can't be read")

    await timetable.pass_time(40)
    await timetable.pass_time(1)
    await timetable.pass_time(39)

    assert timetable.starts == [EIGHT, EIGHT + INTERVAL, EIGHT + 2 * INTERVAL]


async def test_mistake_in_one_job_leaves_the_others_running(daemon_of):
    timetable = await daemon_of(a_job("broken"), a_job("sound"))
    timetable.cycles.failing["broken"] = ZeroDivisionError("our own mistake")

    await timetable.pass_time(40)
    await timetable.pass_time(40)

    assert timetable.cycles.ended.count("sound") == 3


async def test_job_that_another_process_runs_is_tried_again_soon(daemon_of):
    timetable = await daemon_of(a_job())

    async with timetable.store.lock("engagedly"):
        await timetable.pass_time(40)
    await timetable.pass_time(0.1)

    assert timetable.starts == [EIGHT, EIGHT + timedelta(minutes=40.1)]


async def test_job_that_another_process_runs_is_not_tried_without_a_pause(daemon_of):
    timetable = await daemon_of(a_job())

    async with timetable.store.lock("engagedly"):
        await timetable.pass_time(40)
        await timetable.look()
        await timetable.daemon.wait_idle()

    assert len(timetable.cycles.attempts) == 2


async def test_job_that_is_paused_at_the_last_moment_does_not_end_the_daemon(daemon_of):
    timetable = await daemon_of(a_job())
    timetable.cycles.failing["engagedly"] = JobPausedError("paused")
    await timetable.pass_time(40)
    del timetable.cycles.failing["engagedly"]

    await timetable.pass_time(40)

    assert timetable.cycles.ended[-1] == "engagedly"
    assert not timetable.running.done()


async def test_state_that_can_not_be_read_makes_the_job_wait(daemon_of):
    timetable = await daemon_of(a_job())
    timetable.store.broken = True
    await timetable.pass_time(40)

    timetable.store.broken = False
    await timetable.pass_time(5)

    assert timetable.starts == [EIGHT, EIGHT + timedelta(minutes=45)]
