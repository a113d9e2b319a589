"""Choose who is compared: whoever the job keeps, unless their turn comes anyway."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from entrasim.engine.work import Work
from entrasim.model.connection import ObjectConnection, SourceRecord
from entrasim.model.drift import Uncompared
from entrasim.model.entry import Anchor, Presence
from entrasim.model.job import JobState


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is compared, and who is not."""

    compared: tuple[Anchor, ...]
    pending: tuple[Uncompared, ...]
    unmanaged: tuple[Uncompared, ...]


def choose(work: Work, state: JobState) -> Choice:
    """Sort everybody whom the job remembers and has a mapping for, users first."""
    compared: list[Anchor] = []
    pending: list[Uncompared] = []
    unmanaged: list[Uncompared] = []
    remapped = state.schema_fingerprint not in {None, work.job.schema.fingerprint}
    for kind in work.compiled:
        records = (r for a, r in work.space.sources.items() if a.object_type is kind)
        for record in records:
            link = work.link_of(record)
            if reason := _why_pending(work, record, link, remapped=remapped):
                pending.append(uncompared(record, reason))
            elif link is not None and (reason := _why_left_alone(record, link)):
                unmanaged.append(uncompared(record, reason))
            elif link is not None:
                compared.append(record.entry.anchor)
    return Choice(tuple(compared), tuple(pending), tuple(unmanaged))


def expect_disabled(work: Work, anchor: Anchor) -> None:
    """Have somebody who left seen off again, if the target has them active again.

    That is for this run alone: what is remembered changes with an outcome.
    """
    record, link = work.space.sources[anchor], work.space.connection_of(anchor)
    if link is not None and link.disabled and not record.effective:
        work.space.link(replace(link, disabled=False))


def uncompared(record: SourceRecord, reason: str, code: str = "") -> Uncompared:
    """Say why an object is not compared."""
    entry = record.entry
    return Uncompared(
        anchor=entry.anchor, display_name=entry.display_name, reason=reason, code=code
    )


def _why_pending(
    work: Work, record: SourceRecord, link: ObjectConnection | None, *, remapped: bool
) -> str:
    anchor = record.entry.anchor
    if escrow := work.space.escrows.get(anchor):
        return f"failed and is tried again: {escrow.error_code}: {escrow.message}"
    if link is not None and link.staged:
        return "held back by the deletion guard"
    if record.pending:
        return "changed in the directory, and not carried over yet"
    if anchor in work.space.intents:
        return "was being created when its cycle ended"
    if link is not None and link.target_url != work.job.target_url:
        return "linked under another tenant URL, and not verified yet"
    if link is not None and remapped:
        return "the mappings or filters changed since the last cycle"
    return ""


def _why_left_alone(record: SourceRecord, link: ObjectConnection) -> str:
    if not link.managed:
        return "lost its access, and is nobody's business since"
    if record.entry.presence is Presence.UNSEEN:
        return "not in the last full reading of the directory, which can't say why"
    if not record.effective and not link.disabled:
        return "left, and the job neither disables nor deletes it"
    return ""
