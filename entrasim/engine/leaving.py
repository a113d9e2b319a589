"""Decide about somebody who leaves: disable, delete, hold back, or leave alone."""

from __future__ import annotations

from msgspec.structs import replace

from entrasim.engine.steps import mapping, matching, planning
from entrasim.engine.view import View, subject_of
from entrasim.errors import DuplicateSourceError
from entrasim.model.connection import Leave, ObjectConnection, SourceRecord
from entrasim.model.decision import Delete, Disable, Skip, StagedDelete, Verdict
from entrasim.model.entry import Presence
from entrasim.ports import TargetResource


async def see_off(
    record: SourceRecord,
    connection: ObjectConnection,
    leave: Leave,
    view: View,
    verdicts: tuple[Verdict, ...],
) -> Disable | Delete | StagedDelete | Skip:
    """Decide about somebody who leaves."""
    subject = subject_of(record)
    reason = verdicts[-1].description
    target_id = connection.target_anchor
    if subject.anchor in view.held_back:
        return StagedDelete(
            subject=subject,
            reason=f"{reason}; held back, since too many would leave at once",
            verdicts=verdicts,
            connection=replace(connection, staged=leave),
            target_id=target_id,
            leave=leave,
        )
    if leave is Leave.DELETE:
        return Delete(subject=subject, reason=reason, verdicts=verdicts, target_id=target_id)
    resource = await _counterpart(connection, view)
    if resource is None:
        return Skip(
            subject=subject,
            reason=f"{reason}; not in the target any more",
            verdicts=verdicts,
            code=planning.REDUNDANT,
        )
    return _disable(
        record, replace(connection, target_anchor=resource.id), resource, view, verdicts
    )


def left(record: SourceRecord, connection: ObjectConnection) -> ObjectConnection:
    """The link of somebody without access.

    It ends being managed only when a reading shows the object existing and not entitled,
    so that a deletion that comes later is no reason for a DELETE.
    """
    exists = record.entry.presence is Presence.PRESENT
    still = connection.managed and (record.entitled or not exists)
    return replace(connection, managed=still, staged=None)


def _disable(
    record: SourceRecord,
    connection: ObjectConnection,
    resource: TargetResource,
    view: View,
    verdicts: tuple[Verdict, ...],
) -> Disable | Skip:
    """Send what the mappings that read IsSoftDeleted change, and nothing else."""
    flows = [flow for flow in view.compiled.flows if flow.reads_soft_deleted]
    values = mapping.map_values(flows, record.entry, soft_deleted=True)
    changes = planning.differences(flows, values, resource.values)
    subject = subject_of(record)
    after = left(record, replace(connection, disabled=True, staged=None))
    reason = verdicts[-1].description
    if not changes:
        return Skip(
            subject=subject,
            reason=f"{reason}; disabled in the target already",
            verdicts=verdicts,
            connection=after,
            code=planning.REDUNDANT,
            target_id=connection.target_anchor,
        )
    return Disable(
        subject=subject,
        reason=reason,
        verdicts=(*verdicts, planning.processed(changes)),
        connection=after,
        target_id=connection.target_anchor,
        changes=changes,
    )


async def _counterpart(connection: ObjectConnection, view: View) -> TargetResource | None:
    """The target object of a link; a broken one is looked for by what was recorded."""
    resource = await view.held(connection)
    if resource is not None:
        return resource
    resource = await matching.match_again(view.target, connection)
    try:
        if resource is not None:
            view.space.claim_target(connection.source_anchor, resource.id)
    except DuplicateSourceError:
        return None  # it is somebody else's by now, and they stay
    return resource
