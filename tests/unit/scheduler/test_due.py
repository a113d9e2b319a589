"""When the next cycle is due."""

from __future__ import annotations

from datetime import timedelta

from timetable import EIGHT, INTERVAL, a_job

from entrasim.model.job import JobState, Quarantine, QuarantineReason, ScheduleState
from entrasim.scheduler.due import next_due

ACTIVE, PAUSED = ScheduleState.ACTIVE, ScheduleState.PAUSED


def quarantine(next_attempt_at):
    return Quarantine(
        reason=QuarantineReason.EXCEPTION,
        code="",
        message="",
        series_began_at=EIGHT,
        began_at=EIGHT,
        cycle_id="",
        next_attempt_at=next_attempt_at,
    )


def test_job_that_never_ran_is_due_at_once():
    state = JobState(schedule=ACTIVE)

    due = next_due(a_job(), state, EIGHT)

    assert due == EIGHT


def test_cycle_is_due_an_interval_after_the_last_start():
    state = JobState(schedule=ACTIVE, last_started_at=EIGHT)

    due = next_due(a_job(), state, EIGHT + timedelta(minutes=1))

    assert due == EIGHT + INTERVAL


def test_many_missed_cycles_are_one_that_is_due_now():
    state = JobState(schedule=ACTIVE, last_started_at=EIGHT)
    now = EIGHT + timedelta(days=3)

    due = next_due(a_job(), state, now)

    assert due == now


def test_changed_interval_counts_from_the_last_start():
    state = JobState(schedule=ACTIVE, last_started_at=EIGHT)

    due = next_due(a_job(interval=timedelta(hours=2)), state, EIGHT + INTERVAL)

    assert due == EIGHT + timedelta(hours=2)


def test_cycle_that_somebody_asked_for_is_due_now():
    state = JobState(schedule=ACTIVE, last_started_at=EIGHT, cycle_wanted_at=EIGHT)

    due = next_due(a_job(), state, EIGHT)

    assert due == EIGHT


def test_paused_job_is_never_due():
    state = JobState(schedule=PAUSED, last_started_at=EIGHT)

    due = next_due(a_job(), state, EIGHT + timedelta(days=3))

    assert due is None


def test_wish_that_was_spoken_before_a_pause_waits_for_its_end():
    state = JobState(schedule=PAUSED, last_started_at=EIGHT, cycle_wanted_at=EIGHT)

    due = next_due(a_job(), state, EIGHT)

    assert due is None


def test_last_start_in_the_future_puts_nothing_off():
    state = JobState(schedule=ACTIVE, last_started_at=EIGHT + timedelta(days=1))

    due = next_due(a_job(), state, EIGHT)

    assert due == EIGHT


def test_quarantined_job_is_due_when_its_quarantine_says():
    later = EIGHT + timedelta(hours=5)
    state = JobState(schedule=ACTIVE, last_started_at=EIGHT, quarantine=quarantine(later))

    due = next_due(a_job(), state, EIGHT + INTERVAL)

    assert due == later


def test_quarantined_job_that_somebody_asks_for_is_due_now():
    state = JobState(
        schedule=ACTIVE,
        last_started_at=EIGHT,
        cycle_wanted_at=EIGHT,
        quarantine=quarantine(EIGHT + timedelta(hours=5)),
    )

    due = next_due(a_job(), state, EIGHT + INTERVAL)

    assert due == EIGHT + INTERVAL


def test_next_attempt_further_ahead_than_any_is_set_puts_nothing_off():
    state = JobState(
        schedule=ACTIVE,
        last_started_at=EIGHT - timedelta(days=1),
        quarantine=quarantine(EIGHT + timedelta(days=30)),
    )

    due = next_due(a_job(), state, EIGHT)

    assert due == EIGHT


def test_disabled_job_is_never_due():
    state = JobState(schedule=ScheduleState.DISABLED, last_started_at=EIGHT)

    due = next_due(a_job(), state, EIGHT + timedelta(days=3))

    assert due is None
