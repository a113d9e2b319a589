"""Judge a difference: what it takes to bring an object back says how it drifted."""

from __future__ import annotations

from typing import assert_never

from entrasim.model.connection import ObjectConnection
from entrasim.model.decision import (
    AttributeChange,
    Create,
    Decision,
    Delete,
    Disable,
    Enable,
    Skip,
    StagedDelete,
    Update,
)
from entrasim.model.drift import Drift, DriftKind

ANOTHER_OBJECT = frozenset({DriftKind.MISSING, DriftKind.REPLACED})
"""The kinds in which nothing is left of the target object that was linked."""


def kind_of(decision: Decision, link: ObjectConnection) -> DriftKind | None:
    """How a linked object drifted, by what is decided about it; None if it didn't."""
    after = decision.connection
    if isinstance(decision, Create) or after is None:
        return DriftKind.MISSING
    if after.target_anchor != link.target_anchor:
        return DriftKind.REPLACED
    match decision:
        case Disable():
            return DriftKind.REACTIVATED
        case Enable():
            return DriftKind.DEACTIVATED
        case Update():
            return DriftKind.CHANGED
        case Delete() | StagedDelete() | Skip():
            return None
        case _:
            assert_never(decision)


def judge(
    decision: Decision,
    link: ObjectConnection,
    kind: DriftKind,
    members: tuple[AttributeChange, ...],
) -> Drift:
    """Tell of a drifted object; what must not be shown is left out."""
    own: tuple[AttributeChange, ...] = getattr(decision, "changes", ())
    changes = tuple(change.shown for change in (*own, *members))
    return Drift(
        anchor=decision.subject.anchor,
        display_name=decision.subject.display_name,
        target_id=link.target_anchor,
        kind=kind,
        reason=_reason(kind, decision, changes),
        changes=changes,
        verdicts=decision.verdicts,
    )


def _reason(kind: DriftKind, decision: Decision, changes: tuple[AttributeChange, ...]) -> str:
    match kind:
        case DriftKind.CHANGED | DriftKind.MEMBERS:
            return f"Differs: {', '.join(change.attribute for change in changes)}"
        case DriftKind.DEACTIVATED:
            return "Should have access, and has none in the target"
        case DriftKind.REACTIVATED:
            return f"Has access in the target. {decision.reason}"
        case DriftKind.MISSING:
            return "Gone from the target"
        case DriftKind.REPLACED:
            other = decision.connection.target_anchor if decision.connection else "nobody"
            return f"Gone from the target; {other} has the matching value instead"
        case _:
            assert_never(kind)
