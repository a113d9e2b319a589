"""From an object's outcome to its record in the provisioning log."""

from __future__ import annotations

from datetime import timedelta

from entrasim.model.cycle import Cycle, Outcome
from entrasim.model.decision import (
    Create,
    Decision,
    Delete,
    Disable,
    Enable,
    Skip,
    StagedDelete,
    Status,
    Update,
)
from entrasim.model.log import ProvisioningRecord


def record_of(cycle: Cycle, outcome: Outcome) -> ProvisioningRecord:
    """The log record of an outcome."""
    decision = outcome.decision
    code, message = _explained(outcome)
    connection = outcome.connection
    return ProvisioningRecord(
        id=outcome.id,
        job_id=cycle.job_id,
        cycle_id=cycle.id,
        activity_at=outcome.began_at,
        duration_ms=(outcome.ended_at - outcome.began_at) // timedelta(milliseconds=1),
        action=action_of(decision),
        status=_status(outcome),
        object_type=outcome.anchor.object_type,
        source_id=outcome.anchor.id,
        source_name=outcome.display_name,
        target_id=connection.target_anchor if connection is not None else _target_id(decision),
        initiated_by="entrasim",
        error_code=code,
        error_message=message,
        steps=outcome.verdicts,
        changes=getattr(decision, "changes", ()),
    )


def action_of(decision: Decision | None) -> str:
    """Graph's word for a decision; enabling is an update there."""
    match decision:
        case Create():
            return "create"
        case Update() | Enable():
            return "update"
        case Disable():
            return "disable"
        case Delete():
            return "delete"
        case StagedDelete():
            return "stagedDelete"
        case Skip() | None:
            return "other"


def _status(outcome: Outcome) -> Status:
    if outcome.failure is not None:
        return Status.FAILURE
    if any(verdict.status is Status.WARNING for verdict in outcome.verdicts):
        return Status.WARNING
    skipped = isinstance(outcome.decision, Skip | StagedDelete)
    return Status.SKIPPED if skipped else Status.SUCCESS


def _explained(outcome: Outcome) -> tuple[str | None, str | None]:
    """Why it failed, is to be watched, or was skipped."""
    if outcome.failure is not None:
        return outcome.failure
    for verdict in outcome.verdicts:
        if verdict.status is Status.WARNING:
            return verdict.code, verdict.description
    if isinstance(outcome.decision, Skip):
        return outcome.decision.code, outcome.decision.reason
    return None, None


def _target_id(decision: Decision | None) -> str | None:
    target_id: str | None = getattr(decision, "target_id", None)
    return target_id
