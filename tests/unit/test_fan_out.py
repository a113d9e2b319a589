"""Many at a time, begun in their order; who waits makes room for others."""

from __future__ import annotations

import asyncio

import pytest

from entrasim.errors import StoppedError
from entrasim.fan_out import ASIDE, ending, fan_out, stand_aside


async def test_so_many_at_a_time_in_their_order():
    begun, most, running = [], 0, 0

    async def work(subject):
        nonlocal most, running
        begun.append(subject)
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    await fan_out(range(20), work, width=3)

    assert begun == list(range(20))
    assert most == 3


async def test_who_stands_aside_makes_room_for_the_next():
    begun, done, go_on = [], [], asyncio.Event()

    async def work(subject):
        begun.append(subject)
        if subject == "waits":
            stand_aside()
            await go_on.wait()
        done.append(subject)
        if subject == "last":
            go_on.set()

    await fan_out(["waits", "next", "last"], work, width=1)

    assert begun == ["waits", "next", "last"]
    assert done == ["next", "last", "waits"]


async def test_only_so_many_may_stand_aside():
    begun, full = [], asyncio.Event()

    async def work(subject):
        begun.append(subject)
        stand_aside()
        await full.wait()

    running = asyncio.create_task(fan_out(range(100), work, width=2))
    for _ in range(50):
        await asyncio.sleep(0)
    waiting = len(begun)
    full.set()
    await running

    assert waiting == 2 + 2 * ASIDE
    assert len(begun) == 100


async def test_who_stands_aside_in_an_inner_one_makes_room_in_the_outer_one_too():
    begun, go_on = [], asyncio.Event()

    async def wait(_member):
        stand_aside()
        await go_on.wait()

    async def work(subject):
        begun.append(subject)
        if subject == "group":
            await fan_out(["member"], wait, width=5)
        else:
            go_on.set()

    await fan_out(["group", "user"], work, width=1)

    assert begun == ["group", "user"]


async def test_first_error_lets_what_is_under_way_finish_and_begins_nothing_new():
    begun, done, failed = [], [], asyncio.Event()

    async def work(subject):
        begun.append(subject)
        if subject == 0:
            await asyncio.sleep(0)  # the others have begun
            failed.set()
            raise LookupError
        await failed.wait()
        done.append(subject)

    with pytest.raises(LookupError):
        await fan_out(range(10), work, width=3)

    assert begun == [0, 1, 2]
    assert done == [1, 2]


async def test_who_stands_aside_learns_that_the_others_end():
    learnt = []

    async def work(subject):
        if subject == "fails":
            raise LookupError
        is_ending = stand_aside()
        learnt.append(is_ending())
        await asyncio.sleep(0)
        learnt.append(is_ending())

    with pytest.raises(LookupError):
        await fan_out(["waits", "fails"], work, width=2)

    assert learnt == [False, True]


async def test_stop_begins_nothing_new():
    begun = []

    async def work(subject):
        begun.append(subject)

    with pytest.raises(StoppedError, match="asked to stop; the next one goes on"):
        await fan_out(range(10), work, width=1, stopping=lambda: len(begun) == 4)

    assert begun == [0, 1, 2, 3]


async def test_cancelled_one_takes_everything_along():
    ended = []

    async def work(subject):
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(subject)

    running = asyncio.create_task(fan_out(range(10), work, width=2))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait({running})

    assert running.cancelled()
    assert sorted(ended) == [0, 1]


async def test_outside_of_a_fan_out_nobody_makes_room():
    is_ending = stand_aside()

    assert not is_ending()
    assert not ending()
