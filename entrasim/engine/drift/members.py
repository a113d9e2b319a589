"""Compare a group's members in the target with those it was told to have."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from entrasim.engine import linking
from entrasim.engine.compiled import Flow
from entrasim.engine.space import Space
from entrasim.engine.steps import recording
from entrasim.engine.work import Work
from entrasim.errors import ObjectError
from entrasim.model.connection import Membership, SourceRecord
from entrasim.model.decision import AttributeChange
from entrasim.model.entry import Anchor, ObjectType
from entrasim.model.schema import Action


async def compare(work: Work, record: SourceRecord) -> tuple[AttributeChange, ...]:
    """What it takes to bring the members of a group back, by their target ids.

    Whoever the ordinary difference to the source would send besides has never been sent,
    which is no drift.
    """
    changes: list[AttributeChange] = []
    for flow in _memberships(work, record):
        told = await _told(work, record, flow)
        held = await _held(work, record, flow, told.values())
        if held is not None:
            found = linking.difference(work, record, flow, held)
            leaving = [one.target_anchor for one in found.leaving if one.member not in told]
            joining = [one.target_anchor for one in found.joining if one.member in told]
            changes.append(
                AttributeChange(
                    attribute=flow.attribute,
                    before=tuple(leaving) or None,
                    after=tuple(joining) or None,
                )
            )
    return tuple(change for change in changes if change.before or change.after)


async def correct(work: Work, record: SourceRecord) -> None:
    """Remember the members that a group has, so that the difference to the source brings it back.

    The group is pending from then on: whatever interrupts, the next cycle goes on. One whose
    members can't be read is escrowed, and does not wait for its members any more.
    """
    began_at, anchor = work.ports.clock.now(), record.entry.anchor
    try:
        joined, left = await _corrections(work, record)
    except ObjectError as error:
        work.deferred.pop(anchor, None)
        await work.fail(record, None, error, began_at)
        return
    outcome = recording.settled(
        replace(record, pending=True),
        work.link_of(record),
        work.space.escrows.get(anchor),
        began_at=began_at,
        ended_at=work.ports.clock.now(),
        intent_settled=False,
    )
    work.linked_anew.discard(anchor)  # whose members would be taken for none
    await work.take(replace(outcome, joined=tuple(joined), left=tuple(left)))


async def _corrections(
    work: Work, record: SourceRecord
) -> tuple[list[Membership], list[Membership]]:
    """The members whom the group has and was not told to have, and the other way round."""
    joined, left = list[Membership](), list[Membership]()
    for flow in _memberships(work, record):
        told = await _told(work, record, flow)
        held = await _held(work, record, flow, told.values())
        if held is not None:
            kept = {one.member: one for one in held}
            joined += [one for one in held if told.get(one.member) != one]
            left += [one for member, one in told.items() if member not in kept]
    return joined, left


def _memberships(work: Work, record: SourceRecord) -> tuple[Flow, ...]:
    """The mappings that tell a group who is in it."""
    mapping = work.mapping_of(record)
    return mapping.memberships if Action.UPDATE in mapping.actions else ()


async def _told(work: Work, record: SourceRecord, flow: Flow) -> dict[Anchor, Membership]:
    """The members that the group was told to have."""
    sent = await work.ports.store.memberships(work.job.id, record.entry.anchor)
    return {one.member: one for one in sent if one.attribute == flow.attribute}


async def _held(
    work: Work, record: SourceRecord, flow: Flow, told: Iterable[Membership]
) -> list[Membership] | None:
    """The members that the group has; None if it is gone."""
    link = work.link_of(record)
    if link is None:
        return None
    anchor, ids = record.entry.anchor, {one.target_anchor: one.member for one in told}
    found = await work.ports.target.read_members(
        anchor.object_type, link.target_anchor, flow.attribute
    )
    if found is None:
        return None
    return [
        Membership(
            attribute=flow.attribute, member=_member(one, ids, work.space), target_anchor=one
        )
        for one in dict.fromkeys(found)
    ]


def _member(target_id: str, told: dict[str, Anchor], space: Space) -> Anchor:
    """Whom a member stands for: who is linked to it, or was sent under this id.

    A stranger gets an anchor that nobody has in the source, since it has none there.
    """
    holder, sent = space.holder_of(target_id), told.get(target_id)
    if holder is None and sent is not None and space.connection_of(sent) is None:
        return sent
    return holder or Anchor(ObjectType.USER, target_id)
