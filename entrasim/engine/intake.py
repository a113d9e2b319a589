"""Take the directory's reading in: find what changed, believe it or not, stage it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from entrasim.engine import sifting
from entrasim.engine.safety import source
from entrasim.engine.steps import importing, retaining, scoping
from entrasim.engine.work import Work
from entrasim.model.connection import SourceRecord
from entrasim.model.cycle import CycleKind, CycleRequest, Stage
from entrasim.model.entry import Anchor, Presence
from entrasim.model.job import JobState
from entrasim.ports import Reached


async def read(work: Work, state: JobState, request: CycleRequest) -> Reached:
    """Read the directory and stage every object that has to be looked at as pending.

    Raises:
        SourceError: the directory can't be read, or can't be believed.
    """
    initial = work.cycle.kind is CycleKind.INITIAL
    known, now = work.space.sources, work.ports.clock.now()
    since = None if initial else state.read_to or state.watermark
    reading = await work.ports.directory.read(since)
    reading = retaining.retained(importing.whole(reading, known), known)
    if any(mapping.reads_app_roles for mapping in work.compiled.values()):
        reading = importing.with_app_roles(reading, known)
    changed = importing.changes(reading, known, now=now, initial=initial)
    records = {**known, **changed}
    assigned = scoping.entitlements(records, reading.assignments, work.job.scope)
    sifted = sifting.sift(records, assigned, work.compiled, work.space.escrows)
    work.entitled_by, work.refusals = sifted.entitled_by, sifted.refusals
    changed.update(_moved(records, work.entitled_by))
    changed.update(_undecided(records, sifted, work))
    size = source.size(records.values(), len(reading.assignments))
    if not request.accept_shrunk_source:
        source.check(size, state.source_size, work.job.safety)
    ours = tuple(_only_if_it_matters(record, work) for record in changed.values())
    stage = Stage(sources=ours, assignments=reading.assignments, read_to=reading.watermark)
    await work.ports.store.stage(work.cycle, stage)
    work.space.merge(ours, reading.assignments)
    work.counts.imported = sum(r.entry.presence is not Presence.PURGED or r.pending for r in ours)
    return Reached(reading.watermark, size)


def _moved(
    records: Mapping[Anchor, SourceRecord], entitled_by: Mapping[Anchor, str]
) -> dict[Anchor, SourceRecord]:
    """The records whose entitlement is another than at the last reading."""
    return {
        anchor: replace(record, entitled=not record.entitled, pending=True)
        for anchor, record in records.items()
        if record.entitled is not (anchor in entitled_by)
    }


def _undecided(
    records: Mapping[Anchor, SourceRecord], sifted: sifting.Sifted, work: Work
) -> dict[Anchor, SourceRecord]:
    """The records whose filter can't be evaluated, unless they wait for another try already."""
    return {
        anchor: replace(records[anchor], pending=True)
        for anchor in sifted.undecided
        if anchor not in work.space.escrows
    }


def _only_if_it_matters(record: SourceRecord, work: Work) -> SourceRecord:
    """Kinds of object without a mapping are remembered, but never pending.

    Nor are the tombstones of objects that were never linked.
    """
    anchor, buried = record.entry.anchor, record.entry.presence is Presence.PURGED
    matters = anchor.object_type in work.compiled
    if matters and not (buried and work.space.connection_of(anchor) is None):
        return record
    return replace(record, pending=False)
