"""Places for requests under way, as many as the limit says at the moment."""

from __future__ import annotations

import asyncio

from entrasim.transport.slots import Slots


class Crowd:
    """Takes places and holds them until told to go."""

    def __init__(self, limit):
        self.limit, self.inside, self.leaving = limit, [], {}
        self.slots, self.tasks = Slots(lambda: self.limit), {}

    async def come(self, *names):
        for name in names:
            self.leaving[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._stay(name))
        await self.settle()

    async def go(self, name):
        self.leaving[name].set()
        await self.settle()

    async def cancel(self, name):
        self.tasks[name].cancel()
        await self.settle()

    async def settle(self):
        for _ in range(5):
            await asyncio.sleep(0)

    async def _stay(self, name):
        async with self.slots.take():
            self.inside.append(name)
            try:
                await self.leaving[name].wait()
            finally:
                self.inside.remove(name)


async def test_places_are_given_in_the_order_they_were_asked_for():
    crowd = Crowd(2)
    await crowd.come("a", "b", "c", "d")

    await crowd.go("a")

    assert crowd.inside == ["b", "c"]


async def test_lower_limit_lets_the_others_finish_first():
    crowd = Crowd(3)
    await crowd.come("a", "b", "c", "d")
    crowd.limit = 1

    await crowd.go("a")
    await crowd.go("b")
    two_less = list(crowd.inside)
    await crowd.go("c")

    assert two_less == ["c"]
    assert crowd.inside == ["d"]


async def test_higher_limit_calls_up_several_at_once():
    crowd = Crowd(1)
    await crowd.come("a", "b", "c", "d")
    crowd.limit = 2

    await crowd.go("a")

    assert crowd.inside == ["b", "c"]


async def test_who_is_cancelled_in_the_queue_is_passed_over():
    crowd = Crowd(1)
    await crowd.come("a", "b", "c")

    await crowd.cancel("b")
    await crowd.go("a")

    assert crowd.inside == ["c"]


async def test_who_is_cancelled_when_called_passes_the_place_on():
    crowd = Crowd(1)
    await crowd.come("a", "b", "c")

    crowd.leaving["a"].set()
    await crowd.tasks["a"]  # b was called, and has not come yet
    crowd.tasks["b"].cancel()
    await crowd.settle()

    assert crowd.inside == ["c"]
    assert crowd.slots.taken == 1
