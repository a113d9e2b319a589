"""The clock that tests turn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from entrasim.scheduler.clocks import SystemClock, VirtualClock

EIGHT = datetime(2026, 1, 5, 8, tzinfo=UTC)


def test_virtual_clock_stands_still_until_it_is_advanced():
    clock = VirtualClock(EIGHT)

    clock.advance(timedelta(minutes=40))

    assert clock.now() == EIGHT + timedelta(minutes=40)


def test_listener_sees_the_new_moment():
    clock, seen = VirtualClock(EIGHT), []
    clock.on_advance(lambda: seen.append(clock.now()))

    clock.advance(timedelta(days=30))

    assert seen == [EIGHT + timedelta(days=30)]


def test_listener_that_left_hears_no_more():
    clock, heard = VirtualClock(EIGHT), []
    leave = clock.on_advance(lambda: heard.append("advance"))

    leave()
    clock.advance(timedelta(minutes=1))

    assert heard == []


def test_virtual_clock_can_not_be_turned_back():
    clock = VirtualClock(EIGHT)

    with pytest.raises(ValueError, match="turned back"):
        clock.advance(timedelta(seconds=-1))


def test_system_clock_tells_the_time_in_utc():
    now = SystemClock().now()

    assert now.tzinfo is UTC
