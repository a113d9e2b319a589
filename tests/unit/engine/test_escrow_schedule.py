"""When an object that failed is tried again.

Figures: learn.microsoft.com/entra/identity/app-provisioning/
application-provisioning-quarantine-status, "Retry duration".
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from entrasim.engine.safety import escrows
from entrasim.errors import (
    AnswerLostError,
    ConflictError,
    DuplicateSourceError,
    TargetError,
    TransientTargetError,
)
from entrasim.model.entry import Anchor, ObjectType

EIGHT = datetime(2026, 1, 5, 8, tzinfo=UTC)
ADA = Anchor(ObjectType.USER, "ada")
CONFLICT = ConflictError("taken")


def fail(before, at, error=CONFLICT):
    return escrows.keep(ADA, "create", error, before, at)


def hours_until_next(escrow):
    return (escrow.next_due_at - EIGHT) / timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "due"),
    [(0, 6), (5, 6), (6, 12), (11, 12), (12, 24), (23, 24), (24, 48), (40, 48), (48, 72)],
)
def test_next_try_is_6_12_or_24_hours_after_the_first_failure_then_daily(hours, due):
    first = fail(None, EIGHT)

    again = fail(first, EIGHT + timedelta(hours=hours)) if hours else first

    assert hours_until_next(again) == due


@pytest.mark.parametrize(
    "error", [TransientTargetError("503"), AnswerLostError("?"), DuplicateSourceError("both")]
)
def test_what_may_pass_by_itself_is_due_in_the_next_cycle(error):
    escrow = fail(None, EIGHT, error)

    assert escrows.is_due(escrow, EIGHT)


def test_first_failure_and_attempts_are_kept_from_try_to_try():
    first = fail(None, EIGHT)

    later = fail(first, EIGHT + timedelta(days=3), TargetError("no"))

    assert (later.first_failed_at, later.attempts) == (EIGHT, 2)
    assert (later.error_code, later.message) == (TargetError.code, "no")


@pytest.mark.parametrize(
    ("days", "attempts", "error", "given_up"),
    [
        (27.9, 30, CONFLICT, False),
        (28, 30, CONFLICT, True),
        (40, 3, CONFLICT, False),
        (40, 30, TransientTargetError("503"), False),
    ],
    ids=["not yet", "after 28 days", "hardly tried", "in the target's hands"],
)
def test_object_is_given_up_after_28_days_of_trying(days, attempts, error, given_up):
    before = replace(fail(None, EIGHT), attempts=attempts - 1)
    now = EIGHT + timedelta(days=days)

    escrow = fail(before, now, error)

    assert escrows.given_up(escrow, now) is given_up


def test_next_try_from_before_the_clock_was_set_back_puts_nothing_off():
    escrow = fail(None, EIGHT)

    assert escrows.is_due(escrow, EIGHT - timedelta(days=30))


def test_first_failure_is_no_later_than_a_clock_that_was_set_back():
    first = fail(None, EIGHT)
    earlier = EIGHT - timedelta(days=30)

    escrow = fail(first, earlier)

    assert (escrow.first_failed_at, escrow.next_due_at) == (earlier, earlier + timedelta(hours=6))
