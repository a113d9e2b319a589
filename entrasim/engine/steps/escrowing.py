"""Escrowing: say what became of an object that failed, and when it is tried again."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from entrasim.errors import ObjectError, TransientTargetError
from entrasim.model.connection import REFERENCE, Escrow, ObjectConnection, SourceRecord
from entrasim.model.cycle import Outcome
from entrasim.model.decision import Create, Decision, Status, Step, Verdict


def operation_of(decision: Decision | None) -> str:
    """The word under which a failed object is kept."""
    return type(decision).__name__.lower() if decision else "match"


def failed(  # noqa: PLR0913, PLR0917 - an outcome is made of all these
    record: SourceRecord,
    decision: Decision | None,
    error: ObjectError,
    escrow: Escrow,
    connection: ObjectConnection | None,
    began_at: datetime,
    ended_at: datetime,
    *,
    given_up: bool,
) -> Outcome:
    """The outcome of an object that failed; its escrow, not its pending mark, brings it back.

    One that is given up is not brought back. A create that may have been carried out all the
    same keeps its intent.
    """
    told = f"{error} ({_prospect(escrow, ended_at, given_up=given_up)})"
    details = {
        "attempt": str(escrow.attempts),
        "first failed": _moment(escrow.first_failed_at),
        "next try": "never" if given_up else _next_try(escrow, ended_at),
    }
    step, status = _step(escrow, decision), Status.FAILURE
    verdict = Verdict(step=step, status=status, description=told, details=details, code=error.code)
    return Outcome(
        anchor=record.entry.anchor,
        display_name=record.entry.display_name,
        decision=decision,
        began_at=began_at,
        ended_at=ended_at,
        failure=(error.code, told),
        verdicts=(*(decision.verdicts if decision else ()), verdict),
        connection=connection,
        escrow=None if given_up else escrow,
        source=replace(record, pending=False) if record.pending else None,
        intent_settled=isinstance(decision, Create) and not isinstance(error, TransientTargetError),
    )


def _step(escrow: Escrow, decision: Decision | None) -> Step:
    if escrow.operation == REFERENCE:
        return Step.REFERENCE_RESOLUTION
    return Step.EXPORT if decision else Step.MATCHING


def _prospect(escrow: Escrow, now: datetime, *, given_up: bool) -> str:
    tried = "tried once" if escrow.attempts == 1 else f"tried {escrow.attempts} times"
    since = f", since {_moment(escrow.first_failed_at)}" if escrow.attempts > 1 else ""
    if given_up:
        again = "when it changes in the directory, or after `entrasim job restart`"
        return f"{tried}{since}, and given up: it is tried again {again}"
    return f"{tried}{since}, again {_next_try(escrow, now)}"


def _next_try(escrow: Escrow, now: datetime) -> str:
    due = escrow.next_due_at
    return "in the next cycle" if due <= now else f"on {_moment(due)}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
