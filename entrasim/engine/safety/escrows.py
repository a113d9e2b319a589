"""Escrows: objects that failed, kept for another try.

Source for when: learn.microsoft.com/entra/identity/app-provisioning/
application-provisioning-quarantine-status, "Retry duration".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from entrasim.errors import DuplicateSourceError, ObjectError, TransientTargetError
from entrasim.model.connection import REFERENCE, Escrow
from entrasim.model.entry import Anchor

FIRST_TRIES = (timedelta(hours=6), timedelta(hours=12))  # after the first failure
DAY = timedelta(days=1)
KEPT_FOR = timedelta(days=28)
TRIES_AT_LEAST = 4  # so that nobody is given up because nothing ran for a month

_PASSING = (TransientTargetError, DuplicateSourceError)
"""What another object or the target can mend any moment: due again in the next cycle."""


def keep(
    anchor: Anchor, operation: str, error: ObjectError, before: Escrow | None, now: datetime
) -> Escrow:
    """Keep a failed object for another try.

    An object has one escrow at most, since whatever failed, the next try brings it fully up
    to date. Its first failure is remembered until it recovers. Tries are due 6, 12 and 24
    hours after that, then daily; what another may mend is due in the next cycle. A change of
    the source object makes any of them due at once.
    """
    first_failed_at = min(before.first_failed_at, now) if before else now
    return Escrow(
        source_anchor=anchor,
        operation=operation,
        error_code=error.code,
        message=str(error),
        first_failed_at=first_failed_at,
        attempts=before.attempts + 1 if before else 1,
        next_due_at=now if isinstance(error, _PASSING) else _next_try(first_failed_at, now),
    )


def given_up(escrow: Escrow, now: datetime) -> bool:
    """Whether an object that has just failed again is not to be tried any more.

    So it is after 28 days, unless its failure may pass by itself.
    """
    lasting = escrow.next_due_at > now and escrow.attempts >= TRIES_AT_LEAST
    return lasting and now - escrow.first_failed_at >= KEPT_FOR


def is_due(escrow: Escrow, now: datetime) -> bool:
    """Whether it is time for another try.

    One that lies further ahead than any is set was set before the clock was put back.
    """
    return not now < escrow.next_due_at <= now + DAY


def tally(escrows: Iterable[Escrow]) -> tuple[int, int]:
    """How many objects failed themselves, and how many only with their references."""
    operations = [escrow.operation for escrow in escrows]
    references = operations.count(REFERENCE)
    return len(operations) - references, references


def _next_try(first_failed_at: datetime, now: datetime) -> datetime:
    since = now - first_failed_at
    for distance in FIRST_TRIES:
        if since < distance:
            return first_failed_at + distance
    return first_failed_at + (since // DAY + 1) * DAY
