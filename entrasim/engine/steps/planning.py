"""Planning: from what should be and what is, to a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from entrasim.engine.compiled import CompiledMapping, Flow
from entrasim.model.connection import ObjectConnection
from entrasim.model.decision import (
    AttributeChange,
    Create,
    Enable,
    Skip,
    Status,
    Step,
    Subject,
    Update,
    Verdict,
)
from entrasim.model.entry import Value
from entrasim.model.schema import Action, FlowBehavior, FlowType, Values

REDUNDANT = "RedundantExport"


def initial_values(values: Values, references: Mapping[str, Value]) -> tuple[AttributeChange, ...]:
    """Everything a new object is created with."""
    present = {name: value for name, value in references.items() if value is not None}
    return tuple(
        AttributeChange(attribute=name, before=None, after=value)
        for name, value in {**values, **present}.items()
    )


def differences(
    flows: Iterable[Flow], wanted: Mapping[str, Value], held: Mapping[str, Value]
) -> tuple[AttributeChange, ...]:
    """The changes that bring a target object from what it holds to what is wanted.

    An attribute that isn't in `wanted` is left alone; None there clears it.
    """
    return tuple(
        AttributeChange(attribute=flow.attribute, before=before, after=after)
        for flow in flows
        if flow.attribute in wanted
        for before, after in [(held.get(flow.attribute), wanted[flow.attribute])]
        if _flows(flow, before, after)
    )


def bring_up_to_date(  # noqa: PLR0913 - what a decision is made of
    subject: Subject,
    compiled: CompiledMapping,
    changes: tuple[AttributeChange, ...],
    connection: ObjectConnection,
    verdicts: tuple[Verdict, ...],
    *,
    returns: bool,
    deferred: tuple[str, ...] = (),
) -> Update | Enable | Skip:
    """Decide for somebody who stays: nothing, an update, or an enable if they come back."""
    if not changes or Action.UPDATE not in compiled.actions:
        reason = "Nothing differs" if not changes else "The mapping allows no updates"
        return Skip(
            subject=subject,
            reason=reason,
            verdicts=verdicts,
            connection=connection,
            deferred=deferred,
            code=REDUNDANT,
            target_id=connection.target_anchor,
        )
    revives = {flow.attribute for flow in compiled.flows if flow.reads_soft_deleted}
    back = returns or any(c.attribute in revives and c.before is not None for c in changes)
    names = ", ".join(change.attribute for change in changes)
    return (Enable if back else Update)(
        subject=subject,
        reason=f"Back in scope: {names}" if back else f"Changed: {names}",
        verdicts=(*verdicts, processed(changes)),
        connection=connection,
        deferred=deferred,
        target_id=connection.target_anchor,
        changes=changes,
    )


def create(  # noqa: PLR0913 - likewise
    subject: Subject,
    compiled: CompiledMapping,
    changes: tuple[AttributeChange, ...],
    connection: ObjectConnection,
    verdicts: tuple[Verdict, ...],
    *,
    deferred: tuple[str, ...],
) -> Create | Skip:
    """Decide for a newcomer whom the target doesn't know."""
    if Action.ADD not in compiled.actions:
        return Skip(
            subject=subject,
            reason="The mapping allows no creation",
            verdicts=verdicts,
            code=REDUNDANT,
        )
    return Create(
        subject=subject,
        reason="In scope, and not in the target yet",
        verdicts=(*verdicts, processed(changes)),
        connection=connection,
        deferred=deferred,
        changes=changes,
    )


def processed(changes: tuple[AttributeChange, ...]) -> Verdict:
    """Say which attributes are to change."""
    return Verdict(
        step=Step.PROCESSING,
        status=Status.SUCCESS,
        description=f"{len(changes)} attributes to send",
        details={"attributes": ", ".join(change.attribute for change in changes)},
    )


def _flows(flow: Flow, before: Value, after: Value) -> bool:
    match flow.mapping.flow_type:
        case FlowType.OBJECT_ADD_ONLY:
            return False
        case FlowType.ALWAYS:
            pass
        case FlowType.ATTRIBUTE_ADD_ONLY | FlowType.VALUE_ADD_ONLY | FlowType.MULTI_VALUE_ADD_ONLY:
            return before is None
    always = flow.mapping.flow_behavior is FlowBehavior.ALWAYS
    return always or not _equal(before, after, case_exact=flow.definition.case_exact)


def _equal(before: Value, after: Value, *, case_exact: bool) -> bool:
    if isinstance(before, str) and isinstance(after, str) and not case_exact:
        return before.casefold() == after.casefold()
    return before == after
