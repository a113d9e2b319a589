"""So many requests per second, evenly; time is handed in."""

from __future__ import annotations

from entrasim.transport.pacing import Pace


class Clock:
    def __init__(self):
        self.time = 100.0
        self.naps = []

    def now(self):
        return self.time

    async def sleep(self, seconds):
        self.naps.append(seconds)
        self.time += seconds


async def turns(pace, clock, count):
    taken = []
    for _ in range(count):
        await pace.turn()
        taken.append(clock.time)
    return taken


async def test_turns_come_at_an_even_distance():
    clock = Clock()
    pace = Pace(4, now=clock.now, sleep=clock.sleep)

    taken = await turns(pace, clock, 5)

    assert taken == [100.0, 100.25, 100.5, 100.75, 101.0]


async def test_idle_time_is_not_saved_up_for_a_burst():
    clock = Clock()
    pace = Pace(4, now=clock.now, sleep=clock.sleep)
    await pace.turn()
    clock.time += 10

    taken = await turns(pace, clock, 3)

    assert taken == [110.0, 110.25, 110.5]


async def test_zero_is_no_limit():
    clock = Clock()
    pace = Pace(0, now=clock.now, sleep=clock.sleep)

    await turns(pace, clock, 100)

    assert clock.naps == []
