"""What is sent again, how often, and after how long; time and chance are handed in."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from entrasim.errors import StoppedError
from entrasim.fan_out import fan_out
from entrasim.transport import (
    Answer,
    NoAnswerError,
    NotSentError,
    Patience,
    TlsError,
    TransportError,
)
from entrasim.transport.errors import UnsendableError

NOW = datetime(2026, 1, 15, 12, 0, 0, tzinfo=UTC)


def answer(status, **headers):
    return Answer(status, {name.replace("_", "-"): text for name, text in headers.items()}, b"")


class Wire:
    """Gives one outcome after the other, the last one for ever; waits take no time."""

    def __init__(self, *outcomes, **patience):
        self.outcomes, self.sent, self.waited, self.naps = list(outcomes), 0, [], []
        options = {"chance": lambda: 0.5, "now": lambda: NOW, "sleep": self.sleep, **patience}
        self.patience = Patience(**options)

    async def sleep(self, seconds):
        self.naps.append(seconds)
        self.waited[-1] += seconds
        await asyncio.sleep(0)

    async def transmit(self):
        self.sent += 1
        self.waited.append(0)
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, TransportError):
            raise outcome
        return outcome

    async def send(self, method="POST"):
        try:
            return await self.patience.send(method, self.transmit)
        except TransportError as error:
            return error


SAFE = [
    *[(method, answer(429)) for method in ("GET", "POST", "PATCH", "DELETE")],
    *[(method, answer(503)) for method in ("GET", "POST", "PATCH", "DELETE")],
    *[(method, NotSentError("refused")) for method in ("GET", "POST", "PATCH", "DELETE")],
    *[(method, NoAnswerError("lost")) for method in ("GET", "DELETE")],
    *[(method, answer(status)) for method in ("GET", "DELETE") for status in (502, 504)],
]
UNSAFE = [
    *[(method, NoAnswerError("lost")) for method in ("POST", "PATCH")],
    *[(method, answer(status)) for method in ("POST", "PATCH") for status in (502, 504)],
    *[("GET", answer(status)) for status in (200, 302, 400, 401, 404, 409, 412, 413, 500, 501)],
    ("GET", TlsError("wrong version")),
    ("GET", UnsendableError("not a URL to send to")),
]


@pytest.mark.parametrize(("method", "outcome"), SAFE)
async def test_what_is_safe_to_repeat_is_sent_again(method, outcome):
    wire = Wire(outcome, answer(200), retries=1)

    received = await wire.send(method)

    assert (received.status, received.times, wire.sent) == (200, 2, 2)


@pytest.mark.parametrize(("method", "outcome"), UNSAFE)
async def test_what_may_have_been_done_or_is_answered_is_sent_once(method, outcome):
    wire = Wire(outcome, answer(200), retries=3)

    await wire.send(method)

    assert wire.sent == 1


@pytest.mark.parametrize("outcome", [answer(503), NotSentError("refused")])
async def test_entra_repeats_nothing(outcome):
    wire = Wire(outcome)

    received = await wire.send()

    assert (wire.sent, received.times) == (1, 1)


@pytest.mark.parametrize("outcome", [answer(503), NotSentError("refused")])
async def test_last_outcome_says_how_often_it_was_sent(outcome):
    wire = Wire(outcome, retries=3)

    received = await wire.send()

    assert (wire.sent, received.times) == (4, 4)


async def test_bound_of_the_wait_doubles_up_to_half_a_minute():
    wire = Wire(answer(503), retries=7, chance=lambda: 1.0)

    await wire.send()

    assert wire.waited == [1, 2, 4, 8, 16, 30, 30, 0]


async def test_wait_is_chosen_between_nothing_and_the_bound():
    luck = iter([0.0, 0.25, 0.75])
    wire = Wire(answer(503), retries=3, chance=lambda: next(luck))

    await wire.send()

    assert wire.waited == [0, 0.5, 3, 0]


async def test_no_request_waits_more_than_three_minutes_altogether():
    wire = Wire(answer(503), retries=10, chance=lambda: 1.0)

    await wire.send()

    assert sum(wire.waited) == 1 + 2 + 4 + 8 + 16 + 4 * 30


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("Thu, 15 Jan 2026 12:00:30 GMT", 30),
        ("Thu, 15 Jan 2026 11:00:00 GMT", 0),
    ],
)
async def test_waits_as_told(status, asked, seconds):
    wire = Wire(answer(status, retry_after=asked), answer(201), honour_retry_after=True)

    received = await wire.send()

    assert received.status == 201
    assert wire.waited == [seconds, 0]


async def test_is_told_three_times_at_most():
    wire = Wire(answer(429, retry_after="1"), honour_retry_after=True)

    await wire.send()

    assert wire.waited == [1, 1, 1, 0]


@pytest.mark.parametrize("asked", ["61", "99999999999999999999", "Fri, 16 Jan 2026 12:00:00 GMT"])
async def test_does_not_wait_more_than_a_minute(asked):
    wire = Wire(answer(429, retry_after=asked), honour_retry_after=True, retries=3)

    await wire.send()

    assert wire.sent == 1


async def test_target_that_is_not_to_be_obeyed_is_not_asked_before_its_time_either():
    wire = Wire(answer(429, retry_after="1"), retries=3)

    await wire.send()

    assert wire.sent == 1


@pytest.mark.parametrize(
    "asked",
    [
        "soon",
        "",
        "-1",
        "1.5",
        f"Mon, 05 Jan {'9' * 20} 08:00:00 GMT",
        f"Mon, 05 Jan 2026 08:00:00 +{'9' * 20}",
    ],
)
async def test_retry_after_that_says_nothing_is_as_good_as_none(asked):
    wire = Wire(answer(429, retry_after=asked), retries=1, honour_retry_after=True)

    await wire.send()

    assert wire.waited == [0.5, 0]


async def test_wait_ends_within_a_moment_of_being_asked_to_stop():
    wire = Wire(answer(429, retry_after="60"), honour_retry_after=True)
    wire.patience = Patience(
        honour_retry_after=True, sleep=wire.sleep, stopping=lambda: len(wire.naps) == 3
    )

    with pytest.raises(StoppedError, match="the next one goes on"):
        await wire.send()

    assert wire.naps == [0.25, 0.25, 0.25]
    assert wire.sent == 1


async def test_wait_ends_when_the_others_it_is_part_of_end():
    wire = Wire(answer(429, retry_after="60"), honour_retry_after=True)

    async def work(subject):
        if subject == "refused":
            raise LookupError
        await wire.send()

    with pytest.raises(LookupError):
        await fan_out(["waiting", "refused"], work, width=2)

    assert wire.sent == 1
    assert sum(wire.waited) < 60


async def test_other_bounds_hold_where_they_are_set():
    wire = Wire(
        answer(429, retry_after="100"),
        answer(500),
        answer(200),
        retries=2,
        honour_retry_after=True,
        in_between=(500,),
        longest_told=timedelta(minutes=2),
        altogether=timedelta(minutes=5),
    )

    found = await wire.send("GET")

    assert found.status == 200
    assert wire.waited[0] == pytest.approx(100)


async def test_answer_in_between_is_repeated_for_what_changes_nothing_alone():
    wire = Wire(answer(500), retries=2, in_between=(500,))

    await wire.send("POST")

    assert wire.sent == 1
