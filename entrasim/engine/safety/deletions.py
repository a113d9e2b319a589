"""The deletion guard: count who leaves, before anything is written.

Source: learn.microsoft.com/entra/identity/app-provisioning/accidental-deletions
"""

from __future__ import annotations

from collections.abc import Mapping

from entrasim.engine.compiled import CompiledMapping
from entrasim.model.connection import Leave, ObjectConnection, SourceRecord
from entrasim.model.entry import Anchor, ObjectType, Presence
from entrasim.model.job import Job, JobState
from entrasim.model.schema import Action


def leave_of(
    record: SourceRecord, connection: ObjectConnection, compiled: CompiledMapping, job: Job
) -> Leave | None:
    """How a linked object leaves the target, seen from source and connector space alone.

    None for somebody who stays, who has left already, who is nobody's business any more,
    or who may not be touched: unassigned under `skip_out_of_scope_deletions`, or with a
    mapping that can neither disable nor delete.
    """
    entry = record.entry
    if not connection.managed or entry.presence is Presence.UNSEEN:
        return None
    if entry.anchor.object_type is ObjectType.GROUP:
        return _leave_of_group(record, compiled, job)
    if entry.presence is Presence.PURGED and Action.DELETE in compiled.actions:
        return Leave.DELETE
    if connection.disabled or not compiled.can_disable:
        return None
    if entry.presence is not Presence.PRESENT or not entry.enabled:
        return Leave.DISABLE
    if not record.entitled and not job.skip_out_of_scope_deletions:
        return Leave.DISABLE
    return None


def _leave_of_group(record: SourceRecord, compiled: CompiledMapping, job: Job) -> Leave | None:
    """A group knows no disable: it is deleted, and its link with it.

    Not so one that is missing without a word, for a DELETE can't be taken back.
    """
    if Action.DELETE not in compiled.actions or not job.delete_groups:
        return None
    match record.entry.presence:
        case Presence.PURGED | Presence.SOFT_DELETED:
            return Leave.DELETE
        case Presence.MISSING | Presence.UNSEEN:
            return None
        case Presence.PRESENT:
            stays = record.entitled or job.skip_out_of_scope_deletions
            return None if stays else Leave.DELETE


def held_back(leavers: Mapping[Anchor, ObjectConnection], job: Job, state: JobState) -> set[Anchor]:
    """Those of the leavers that are staged instead of sent.

    Above the threshold all are. Once staged they stay so, and hold back whoever comes to
    them, until somebody allows them by ForceDeletes, restarts the job, or none is due any
    more. ForceDeletes lets go those that were staged; others are counted anew.
    """
    threshold = job.safety.deletion_threshold
    staged = {anchor for anchor, connection in leavers.items() if connection.staged}
    due = leavers.keys() - staged if state.force_deletes else leavers.keys()
    waiting = bool(staged) and not state.force_deletes
    exceeded = threshold > 0 and len(due) > threshold
    return set(due) if exceeded or waiting else set()
