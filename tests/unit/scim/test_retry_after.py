"""Waiting as a busy target asks; time is handed in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from entrasim.errors import TransientTargetError
from entrasim.model.entry import ObjectType
from entrasim.scim.patience import Patience

NOW = datetime(2026, 1, 15, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def naps():
    return []


@pytest.fixture
def patiently(answering, naps):
    """Like `answering`, with a target that waits as it is told, in no time."""

    async def sleep(seconds):
        naps.append(seconds)

    def make(*answers):
        patience = Patience(honour_retry_after=True, now=lambda: NOW, sleep=sleep)
        return answering(*answers, patience=patience)

    return make


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("Thu, 15 Jan 2026 12:00:30 GMT", 30),
        ("Thu, 15 Jan 2026 11:00:00 GMT", 0),
    ],
)
async def test_waits_as_told_and_sends_again(patiently, raw, naps, asked, seconds):
    target = await patiently(raw(429, "", f"Retry-After: {asked}"), raw(204))

    await target.delete(ObjectType.USER, "1")

    assert naps == [seconds]
    assert target.requests_sent() == {"DELETE": 2}


async def test_asks_three_times_more_at_most(patiently, raw, naps):
    target = await patiently(raw(429, "", "Retry-After: 1"))

    with pytest.raises(TransientTargetError) as refused:
        await target.delete(ObjectType.USER, "1")

    assert refused.value.code == "TooManyRequests"
    assert naps == [1, 1, 1]


@pytest.mark.parametrize("header", ["Retry-After: 61", "Retry-After: soon", "Retry-After:", "X: 1"])
async def test_waits_neither_too_long_nor_without_being_told(patiently, raw, naps, header):
    target = await patiently(raw(429, "", header))

    with pytest.raises(TransientTargetError):
        await target.delete(ObjectType.USER, "1")

    assert naps == []


async def test_only_a_429_is_waited_for(patiently, raw, naps):
    target = await patiently(raw(503, "", "Retry-After: 1"))

    with pytest.raises(TransientTargetError):
        await target.delete(ObjectType.USER, "1")

    assert naps == []


async def test_entra_itself_does_not_wait(answering, raw):
    target = await answering(raw(429, "", "Retry-After: 60"))

    with pytest.raises(TransientTargetError):
        await target.delete(ObjectType.USER, "1")

    assert target.requests_sent() == {"DELETE": 1}
