"""How many requests a target bears, learnt in virtual time."""

from __future__ import annotations

import pytest
from bearing import Fixed, Load, contended, throughput

from entrasim.transport.adapting import AdaptiveLimit


def adaptive(most):
    return lambda now: AdaptiveLimit(most, now=now)


def flat(_under_way):
    return 0.05


@pytest.mark.parametrize("best", [4, 8, 16, 32])
def test_contended_target_gets_nearly_what_the_best_fixed_limit_gives(best):
    done, load, _ = throughput(adaptive(64), contended(best))
    ideal, _, _ = throughput(lambda now: Fixed(best, now), contended(best))

    assert done >= 0.9 * ideal
    assert max(load.limits) <= 2 * best


@pytest.mark.parametrize("bears", [3, 8, 12])
def test_target_that_refuses_gets_nearly_what_it_bears_and_refuses_few(bears):
    def refuses(under_way):
        return under_way > bears

    done, load, _ = throughput(adaptive(16), flat, refuses=refuses)
    ideal, _, _ = throughput(lambda now: Fixed(bears, now), flat, refuses=refuses)

    assert done >= 0.9 * ideal
    assert load.done["refused"] <= 0.05 * load.done["answered"]
    assert min(load.limits) >= bears - 2


@pytest.mark.parametrize("seconds", [0.001, 0.05, 0.3])
def test_healthy_target_gets_all_that_is_allowed(seconds):
    _, load, _ = throughput(adaptive(16), lambda _under_way: seconds)

    assert set(load.limits) == {16}


def test_latency_that_varies_is_no_strain():
    load = Load(lambda _under_way: 0.01 + load.chance.expovariate(20))
    limit = AdaptiveLimit(16, now=lambda: load.now)

    load.run(limit, 30)

    assert sum(load.limits) / len(load.limits) >= 0.9 * 16


def test_milliseconds_are_no_strain():
    _, load, _ = throughput(adaptive(16), lambda under_way: 0.001 * under_way)

    assert min(load.limits) == 16


def test_kinds_of_requests_are_compared_with_their_like():
    usual = {0: 0.02, 1: 0.5}
    load = Load(lambda _under_way: usual[load.numbers % 2], kind=lambda number: number % 2)
    limit = AdaptiveLimit(16, now=lambda: load.now)

    load.run(limit, 10)

    assert limit() == 16


def test_target_that_recovers_gets_all_again():
    load = Load(contended(4))
    limit = AdaptiveLimit(16, now=lambda: load.now)
    load.run(limit, 10)
    low = limit()

    load.latency = flat
    load.run(limit, 10)

    assert low < 8
    assert limit() == 16


def test_target_that_is_slower_for_good_is_not_throttled_for_good():
    load = Load(flat)
    limit = AdaptiveLimit(16, now=lambda: load.now)
    load.run(limit, 5)

    load.latency = lambda _under_way: 0.25
    load.run(limit, 20)

    assert limit() == 16


def test_refusals_of_one_round_trip_count_once():
    limit = AdaptiveLimit(16, now=(clock := iter(range(1000))).__next__)
    for _ in range(40):
        limit.answered(limit.start("GET", 16))
    together = [limit.start("GET", 16) for _ in range(16)]

    limit.refused(together[0])
    once = limit()
    for started in together[1:]:
        limit.refused(started)

    assert next(clock) > 0
    assert once == limit() == 14


def test_failures_lower_the_limit_to_one_and_no_further():
    time = 0.0
    limit = AdaptiveLimit(16, now=lambda: time)

    for _ in range(100):
        time += 1
        limit.failed(limit.start("GET", 1))
        time += 1

    assert limit() == 1


def test_limit_that_is_not_used_does_not_grow():
    load = Load(flat)
    limit = AdaptiveLimit(64, now=lambda: load.now)

    for _ in range(200):
        started = limit.start("GET", 1)
        load.now += 0.05
        limit.answered(started)

    assert limit() <= 4
