"""Link objects to one another in the target: the second pass, once both ends are there."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from entrasim.engine.compiled import Flow
from entrasim.engine.steps import planning, recording, resolving
from entrasim.engine.steps.resolving import MemberResolution
from entrasim.engine.view import imported, subject_of
from entrasim.engine.work import Work
from entrasim.errors import (
    ObjectError,
    StoppedError,
    TargetError,
    TransientTargetError,
    UnresolvedReferenceError,
)
from entrasim.model.connection import REFERENCE, Membership, ObjectConnection, SourceRecord
from entrasim.model.decision import AttributeChange, Verdict
from entrasim.model.schema import Action, FlowType

BATCH = 100
"""Members that are remembered and logged together."""


async def carry_out(work: Work, record: SourceRecord) -> None:
    """Send an object's references: a group's members first, then what it points to.

    An object whose references can't all be set is escrowed; those that were are remembered.
    """
    began_at, warnings = work.ports.clock.now(), tuple[Verdict, ...]()
    try:
        for flow in work.mapping_of(record).memberships:
            warnings += await carry_members_out(work, record, flow)
    except ObjectError as error:
        await work.fail(record, None, error, began_at, REFERENCE)
        return
    await work.carry_references_out(record, warnings)


async def carry_members_out(
    work: Work, record: SourceRecord, flow: Flow, chosen: Container[str] | None = None
) -> tuple[Verdict, ...]:
    """Tell the target who joined a group and who left it.

    Gives what there is to warn of, unless what was sent says so.

    `chosen` are the source ids of the members to look at; None is all of them. What was
    sent is remembered, whatever else fails.

    Raises:
        UnresolvedReferenceError: some can't be set yet, though they will be.
        TargetError: the target did not take some.
    """
    connection = work.link_of(record)
    if connection is None:
        raise TargetError("has no counterpart in the target", code="InvalidAnchor")
    if Action.UPDATE not in work.mapping_of(record).actions:
        return ()
    found = await _resolve(work, record, flow)
    ours = found.leaving + found.joining
    if chosen is not None:
        ours = [one for one in ours if one.member.id in chosen]
    batches = [ours[start : start + BATCH] for start in range(0, len(ours), BATCH)]
    work.ports.observer.more(len(batches))
    leaving = frozenset(one.member for one in found.leaving)
    refused: dict[str, ObjectError] = {}
    for number, batch in enumerate(batches):
        if work.ports.stopping():
            raise StoppedError("the cycle was asked to stop; the next one goes on")
        warnings = () if number else found.warnings
        errors = await _send(work, record, connection, batch, leaving, warnings, first=not number)
        refused.update(errors)
        if len(errors) == len(batch) and not any(map(_is_of_the_member, errors.values())):
            break  # the others would fare no better
    names = [work.name_of(one.member) for one in ours if one.target_anchor in refused]
    _complain(flow.attribute, refused, names, found.deferred if chosen is None else ())
    return () if batches else found.warnings


async def _resolve(work: Work, record: SourceRecord, flow: Flow) -> MemberResolution:
    """What must happen to a group's members, by those that were sent."""
    anchor = record.entry.anchor
    new = anchor in work.linked_anew
    sent = () if new else await work.ports.store.memberships(work.job.id, anchor)
    return difference(work, record, flow, sent)


def difference(
    work: Work, record: SourceRecord, flow: Flow, sent: Iterable[Membership]
) -> MemberResolution:
    """What must happen to a group with these members, as far as the mapping lets them flow."""
    anchor = record.entry.anchor
    members = record.entry.references.get(flow.reference or "", ())
    found = resolving.resolve_members(
        flow.attribute, members, sent, work.space, work.job.target_url
    )
    if flow.mapping.flow_type is not FlowType.ALWAYS:
        found.leaving.clear()
    if flow.mapping.flow_type is FlowType.OBJECT_ADD_ONLY and anchor not in work.created:
        found.joining.clear()
    return found


async def _send(  # noqa: PLR0913, PLR0917 - both sides of a membership, and where it is remembered
    work: Work,
    record: SourceRecord,
    connection: ObjectConnection,
    batch: Sequence[Membership],
    leaving: Container[object],
    warnings: tuple[Verdict, ...],
    *,
    first: bool,
) -> dict[str, ObjectError]:
    """Send one batch, and remember what of it was taken; gives what wasn't, by target id."""
    began_at, anchor = work.ports.clock.now(), record.entry.anchor
    change = _change(batch, leaving)
    errors = await work.ports.target.update_members(
        anchor.object_type, connection.target_anchor, change
    )
    taken = [one for one in batch if one.target_anchor not in errors]
    if taken:
        verdicts = (imported(record), *warnings)
        outcome = recording.members_changed(
            record,
            planning.change_members(
                subject_of(record), connection, _change(taken, leaving), verdicts
            ),
            work.space.escrows.get(anchor),
            joined=tuple(one for one in taken if one.member not in leaving),
            left=tuple(one for one in taken if one.member in leaving),
            began_at=began_at,
            ended_at=work.ports.clock.now(),
        )
        await work.take(outcome, counted=first)
    return dict(errors)


def _is_of_the_member(error: ObjectError) -> bool:
    """Whether another member may fare better than the one who was refused."""
    return not isinstance(error, TransientTargetError) and error.code != "NotImplemented"


def _change(batch: Sequence[Membership], leaving: Container[object]) -> AttributeChange:
    return AttributeChange(
        attribute=batch[0].attribute,
        before=tuple(one.target_anchor for one in batch if one.member in leaving) or None,
        after=tuple(one.target_anchor for one in batch if one.member not in leaving) or None,
    )


def _complain(
    attribute: str, refused: dict[str, ObjectError], names: Sequence[str], deferred: Sequence[str]
) -> None:
    """Say why a group is not done with, if it isn't."""
    if refused:
        first = next(iter(refused.values()))
        raise TargetError(
            f"{len(refused)} of {attribute} were not taken: {resolving.named(names)}; the first: "
            f"{first}",
            code=first.code,
        )
    if deferred:
        raise UnresolvedReferenceError(
            f"{attribute} can't be set yet, since they failed themselves: "
            f"{resolving.named(deferred)}"
        )
