"""A target in virtual time, that bears so much and no more; and what a limit makes of it."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from entrasim.transport.adapting import AdaptiveLimit

MOST = 64


class Fixed(AdaptiveLimit):
    """A limit that learns nothing."""

    def __init__(self, limit, now):
        super().__init__(limit, now=now)
        self.limit = limit

    def __call__(self):
        return self.limit


@dataclass
class Load:
    """As many requests as the limit lets go, without end; no two take quite the same time.

    `latency` gives a request's seconds, of how many were under way when it began; `refuses`
    whether it is told that the target is too busy.
    """

    latency: object
    refuses: object = lambda _under_way: False
    kind: object = lambda _number: "GET"
    now: float = 0.0
    done: Counter = field(default_factory=Counter)
    limits: list = field(default_factory=list)
    numbers: int = 0
    chance: Random = field(default_factory=lambda: Random(1))  # noqa: S311 - the same each time

    def run(self, limit, seconds):
        """Carry on for so many virtual seconds."""
        until, under_way = self.now + seconds, []
        while self.now < until:
            while len(under_way) < limit():
                self.numbers += 1
                started = limit.start(self.kind(self.numbers), len(under_way) + 1)
                refused = self.refuses(started.under_way)
                took = 0.005 if refused else self.latency(started.under_way)
                ends = self.now + took * self.chance.uniform(0.8, 1.2)
                heapq.heappush(under_way, (ends, self.numbers, refused, started))
            self.now, _, refused, started = heapq.heappop(under_way)
            (limit.refused if refused else limit.answered)(started)
            self.done["refused" if refused else "answered"] += 1
            self.limits.append(limit())
        return self


def contended(best, base=0.05):
    """Each request slows the others down: `best` at a time get most done."""
    return lambda under_way: base * (1 + (under_way / best) ** 2)


def throughput(limit_of, latency, *, warm_up=3.0, seconds=10.0, **options):
    """How much gets done after warming up, and the refusals of all the time."""
    load = Load(latency, **options)
    limit = limit_of(lambda: load.now)
    load.run(limit, warm_up)
    before, refused = load.done["answered"], load.done["refused"]
    load.limits.clear()
    load.run(limit, seconds)
    return load.done["answered"] - before, load, refused
