"""How many requests may be under way, learnt from how the target bears them.

Additive increase and multiplicative decrease, as TCP does it, told by refusals and by latency:
the limit starts low, doubles until the first sign of strain, then grows by one in each round
trip and shrinks with every sign. What is not taken from github.com/Netflix/concurrency-limits
(`VegasLimit`, `Gradient2Limit`) and Envoy's gradient controller: the shortest latency ever as
what is normal, which pins the limit under targets whose latency varies, and a pause for
measuring, which slows healthy ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from statistics import median
from time import monotonic

_LEISURE = 2  # so few at a time are no load
_ROUND = 4  # answers at least, to tell strain from chance
_SAMPLES = 5  # of a kind of request, to tell its usual latency
_TOLERATED = 2  # times the usual latency: where a contended server does most (see the tests)
_UNSUSPICIOUS = 0.010  # seconds; of less, most is this process's own
_HOLD = 1.0  # seconds without growth after a refusal, lest every round trip ends in one


@dataclass(frozen=True, slots=True)
class Started:
    """A request under way: what kind, since when, and how many there were with it."""

    kind: Hashable
    at: float
    under_way: int


class AdaptiveLimit:
    """Tells how many requests may be under way; the time is handed in, in seconds.

    Kinds of requests have latencies of their own, so each is compared with its like.
    """

    def __init__(self, most: int, *, now: Callable[[], float] = monotonic) -> None:
        self._most, self._now = most, now
        self._limit = float(min(most, _LEISURE))
        self._growing_fast = True
        self._usual: defaultdict[Hashable, list[float]] = defaultdict(list)
        self._slowdown = 1.0
        self._round: list[float] = []
        self._busiest = 0
        self._round_began_at = self._lowered_at = self._held_until = float("-inf")

    def __call__(self) -> int:
        """The limit of now."""
        return int(self._limit)

    def start(self, kind: Hashable, under_way: int) -> Started:
        """A request goes out, the last of so many under way."""
        self._busiest = max(self._busiest, under_way)
        return Started(kind, self._now(), under_way)

    def answered(self, started: Started) -> None:
        """It was answered; how fast says whether the target is under strain."""
        took = self._now() - started.at
        self._round.append(took / max(self._usual_of(started.kind, took), _UNSUSPICIOUS))
        if started.at >= self._round_began_at and len(self._round) >= min(_ROUND, self._most):
            self._end_round()

    def refused(self, started: Started) -> None:
        """The target was too busy to take it: as many as there were are too many."""
        fewer = min(0.9 * self._limit, started.under_way - 1)
        if self._lower(started, max(fewer, self._limit / 2)):
            self._held_until = self._now() + _HOLD

    def failed(self, started: Started) -> None:
        """The target failed, or did not answer."""
        self._lower(started, 0.7 * self._limit)

    def _usual_of(self, kind: Hashable, took: float) -> float:
        """The usual latency of a kind; a kind that is new is taken to suffer as the others do."""
        samples = self._usual[kind]
        if len(samples) < _SAMPLES:
            samples.append(took / self._slowdown)
        return median(samples)

    def _end_round(self) -> None:
        """A request of this round trip came back: grow or shrink.

        One slow round by itself is chance, unless the limit has just been doubled.
        """
        before, self._slowdown = self._slowdown, max(1.0, median(self._round))
        strain = self._slowdown if self._growing_fast else min(before, self._slowdown)
        if strain > _TOLERATED:
            self._set(self._limit * max(0.5, _TOLERATED / strain))
            self._growing_fast = False
        elif self._slowdown <= _TOLERATED and self._may_grow():
            self._set(self._limit * 2 if self._growing_fast else self._limit + 1)
        self._begin_round()

    def _may_grow(self) -> bool:
        """Whether the limit was made use of, and no refusal is fresh."""
        return self._busiest * 2 >= self._limit and self._now() >= self._held_until

    def _begin_round(self) -> None:
        self._round, self._busiest, self._round_began_at = [], 0, self._now()
        if self._limit <= _LEISURE < self._most:  # learn anew: the target may be another by now
            self._usual.clear()
            self._slowdown = 1.0

    def _lower(self, started: Started, limit: float) -> bool:
        """Shrink, once for all that was under way together; gives whether it did."""
        if started.at <= self._lowered_at:
            return False
        self._set(limit)
        self._growing_fast, self._lowered_at = False, self._now()
        self._begin_round()
        return True

    def _set(self, limit: float) -> None:
        self._limit = min(max(limit, 1.0), float(self._most))
