"""Escrows: objects that failed, kept for another try."""

from __future__ import annotations

from datetime import datetime

from entrasim.errors import ObjectError
from entrasim.model.connection import Escrow
from entrasim.model.entry import Anchor


def keep(
    anchor: Anchor, operation: str, error: ObjectError, before: Escrow | None, now: datetime
) -> Escrow:
    """Keep a failed object for the next cycle; its first failure and attempts are kept too."""
    return Escrow(
        source_anchor=anchor,
        operation=operation,
        error_code=error.code,
        message=str(error),
        first_failed_at=before.first_failed_at if before else now,
        attempts=before.attempts + 1 if before else 1,
        next_due_at=now,
    )


def is_due(escrow: Escrow, now: datetime) -> bool:
    """Whether it is time for another try."""
    return escrow.next_due_at <= now
