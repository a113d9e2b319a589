"""Planning: from what should be and what is, to a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from entrasim.engine.compiled import ADD_ROLES, APP_ROLES, ASSERT_ROLES, CompiledMapping, Flow
from entrasim.engine.expressions import SELECT_UNIQUE
from entrasim.engine.roles import role_name
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


def initial_values(
    compiled: CompiledMapping, values: Values, references: Mapping[str, Value]
) -> tuple[AttributeChange, ...]:
    """Everything a new object is created with."""
    hidden = {flow.attribute for flow in compiled.flows if flow.redacted}
    return tuple(
        AttributeChange(attribute=name, before=None, after=value, redacted=name in hidden)
        for name, value in {**values, **references}.items()
        if value not in {None, ()}
    )


def differences(
    flows: Iterable[Flow],
    wanted: Mapping[str, Value],
    held: Mapping[str, Value],
    *,
    created: bool = False,
) -> tuple[AttributeChange, ...]:
    """The changes that bring a target object from what it holds to what is wanted.

    An attribute that isn't in `wanted` is left alone; None there clears it. What is sent
    on creation only flows as long as the object was `created` in this cycle.
    """
    changes = (
        _change(flow, held.get(flow.attribute), wanted[flow.attribute])
        for flow in flows
        if flow.attribute in wanted
        if created or flow.mapping.flow_type is not FlowType.OBJECT_ADD_ONLY
    )
    return tuple(change for change in changes if change is not None)


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
    if not changes:
        return unchanged(subject, connection, verdicts, deferred=deferred)
    if Action.UPDATE not in compiled.actions:
        reason = "The mapping allows no updates"
        return unchanged(subject, connection, verdicts, deferred=deferred, reason=reason)
    revives = {flow.attribute for flow in compiled.flows if flow.reads_soft_deleted}
    back = returns or any(
        c.attribute in revives and c.before not in {None, c.after} for c in changes
    )
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


def unchanged(
    subject: Subject,
    connection: ObjectConnection,
    verdicts: tuple[Verdict, ...],
    *,
    deferred: tuple[str, ...] = (),
    reason: str = "Nothing differs",
) -> Skip:
    """Send nothing."""
    return Skip(
        subject=subject,
        reason=reason,
        verdicts=verdicts,
        connection=connection,
        deferred=deferred,
        code=REDUNDANT,
        target_id=connection.target_anchor,
    )


def change_members(
    subject: Subject,
    connection: ObjectConnection,
    change: AttributeChange,
    verdicts: tuple[Verdict, ...],
) -> Update:
    """Tell a group who joins and who leaves."""
    sides = (("join", change.after), ("leave", change.before))
    counts = " and ".join(f"{len(ids)} {word}" for word, ids in sides if isinstance(ids, tuple))
    return Update(
        subject=subject,
        reason=f"Changed: {change.attribute} ({counts})",
        verdicts=(*verdicts, processed((change,))),
        connection=connection,
        target_id=connection.target_anchor,
        changes=(change,),
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


def _change(flow: Flow, before: Value, after: Value) -> AttributeChange | None:
    """The change of one attribute, as far as its flow type lets it go."""
    if isinstance(before, tuple) and isinstance(after, str):
        after = (after,)
    match flow.mapping.flow_type:
        case _ if flow.function == SELECT_UNIQUE:
            return None  # chosen once, when the object is created
        case FlowType.ATTRIBUTE_ADD_ONLY if before is not None:
            return None
        case FlowType.VALUE_ADD_ONLY | FlowType.MULTI_VALUE_ADD_ONLY:
            return _addition(flow, before, after)
    if flow.function == ADD_ROLES:
        return _addition(flow, before, after)
    if flow.function == ASSERT_ROLES:
        before = before or ()  # a replacement even of nothing
    always = flow.mapping.flow_behavior is FlowBehavior.ALWAYS
    if not always and _folded(flow, before) == _folded(flow, after):
        return None
    return _changed(flow, before, after)


def _changed(flow: Flow, before: Value, after: Value) -> AttributeChange:
    return AttributeChange(
        attribute=flow.attribute, before=before, after=after, redacted=flow.redacted
    )


def _addition(flow: Flow, before: Value, after: Value) -> AttributeChange | None:
    """What is to be added to what is there; a single value only where there is none."""
    if isinstance(after, tuple):
        held = {_folded(flow, (one,)) for one in (before if isinstance(before, tuple) else ())}
        after = tuple(one for one in after if _folded(flow, (one,)) not in held)
    if after in {None, ()} or (before is not None and not isinstance(after, tuple)):
        return None
    return _changed(flow, None, after)


def _folded(flow: Flow, value: Value) -> object:
    """A value as it is compared: texts by case only if it counts, several in any order."""
    match value:
        case tuple():
            names = map(role_name, value) if APP_ROLES in flow.reads else value
            return frozenset(_folded(flow, name) for name in names)
        case str() if not flow.definition.case_exact:
            return value.casefold()
        case _:
            return value
