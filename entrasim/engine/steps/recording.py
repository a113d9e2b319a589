"""Recording: say what became of an object, for the store, the log and people."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from entrasim.model.connection import Escrow, Membership, ObjectConnection, SourceRecord
from entrasim.model.cycle import Counts, Outcome
from entrasim.model.decision import (
    Create,
    Decision,
    Delete,
    Disable,
    Enable,
    Skip,
    StagedDelete,
    Status,
    Step,
    Update,
    Verdict,
)


def done(  # noqa: PLR0913 - an outcome is made of all these
    record: SourceRecord,
    decision: Decision,
    connection: ObjectConnection | None,
    escrow: Escrow | None,
    *,
    began_at: datetime,
    ended_at: datetime,
) -> Outcome:
    """The outcome of a decision that was carried out.

    The object stays pending, and in escrow if it was, while references of it wait for the
    second pass.
    """
    waits = bool(decision.deferred)
    return Outcome(
        anchor=record.entry.anchor,
        display_name=record.entry.display_name,
        decision=decision,
        began_at=began_at,
        ended_at=ended_at,
        verdicts=(*decision.verdicts, _exported(decision)),
        connection=connection,
        escrow=escrow if waits else None,
        source=replace(record, pending=waits) if record.pending != waits else None,
        intent_settled=isinstance(decision, Create),
    )


def members_changed(  # noqa: PLR0913 - likewise
    record: SourceRecord,
    decision: Update,
    escrow: Escrow | None,
    *,
    joined: tuple[Membership, ...],
    left: tuple[Membership, ...],
    began_at: datetime,
    ended_at: datetime,
) -> Outcome:
    """The outcome of one batch of a group's members; the group itself is not done with."""
    return Outcome(
        anchor=record.entry.anchor,
        display_name=record.entry.display_name,
        decision=decision,
        began_at=began_at,
        ended_at=ended_at,
        verdicts=(*decision.verdicts, _exported(decision)),
        connection=decision.connection,
        escrow=escrow,
        joined=joined,
        left=left,
    )


def without_quiet_skip(outcome: Outcome) -> Outcome:
    """The outcome, unlogged if nothing was sent and there is nothing to warn of."""
    warns = any(verdict.status is Status.WARNING for verdict in outcome.verdicts)
    quiet = isinstance(outcome.decision, Skip) and not warns
    return replace(outcome, logged=False, decision=None) if quiet else outcome


def without_redacted(outcome: Outcome) -> Outcome:
    """The outcome as log and plan may show it: what is redacted is out of its changes."""
    match outcome.decision:
        case Create() | Update() | Enable() | Disable() as decision:
            changes = tuple(change.shown for change in decision.changes)
            return replace(outcome, decision=replace(decision, changes=changes))
        case _:
            return outcome


def settled(  # noqa: PLR0913 - an outcome is made of all these
    record: SourceRecord,
    connection: ObjectConnection | None,
    escrow: Escrow | None,
    *,
    began_at: datetime,
    ended_at: datetime,
    intent_settled: bool,
) -> Outcome:
    """What settling found about an object; not a change of its own, so not logged."""
    return Outcome(
        anchor=record.entry.anchor,
        display_name=record.entry.display_name,
        decision=None,
        began_at=began_at,
        ended_at=ended_at,
        connection=connection,
        escrow=escrow,
        source=record,
        intent_settled=intent_settled,
        logged=False,
    )


def count(outcome: Outcome, counts: Counts) -> None:
    """Add one outcome to a cycle's counts."""
    if outcome.failure is not None:
        counts.escrowed += 1
        return
    match outcome.decision:
        case Create():
            counts.created += 1
        case Update():
            counts.updated += 1
        case Enable():
            counts.enabled += 1
        case Disable():
            counts.disabled += 1
        case Delete():
            counts.deleted += 1
        case StagedDelete():
            counts.staged_deletes += 1
        case Skip():
            counts.skipped += 1
        case None:
            pass
        case _:
            assert_never(outcome.decision)


def _exported(decision: Decision) -> Verdict:
    sent = not isinstance(decision, Skip | StagedDelete)
    return Verdict(
        step=Step.EXPORT,
        status=Status.SUCCESS if sent else Status.SKIPPED,
        description=decision.reason,
        code=decision.code if isinstance(decision, Skip) else None,
    )
