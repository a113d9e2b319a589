"""The phases of a cycle, each over all objects that have a part in it.

Linked objects come before newcomers and references last, so that a name which is freed and
taken in one cycle works, and a manager is there before a report points to them.
"""

from __future__ import annotations

from functools import partial
from itertools import chain

from msgspec.structs import replace

from entrasim.engine import linking, ordering, settle
from entrasim.engine.safety import deletions, escrows
from entrasim.engine.steps import mapping
from entrasim.engine.work import Work
from entrasim.errors import ObjectError
from entrasim.model.connection import REFERENCE, Escrow, ObjectConnection, SourceRecord
from entrasim.model.entry import Anchor
from entrasim.model.job import Job, JobState


async def settle_what_is_open(work: Work) -> None:
    """Find out what became of open intents, and whether links hold at a new URL."""
    due = frozenset(_find_due(work))
    open_ones = settle.unsettled(work.space, work.compiled, due)
    await work.each("settling", open_ones, work.settle_intent)
    unverified = settle.unverified(_find_due(work), work.space, work.compiled, work.job)
    await work.each("verifying", unverified, work.verify)
    work.due = [work.space.sources[a] for a in _find_due(work) if a not in work.unsettled]
    work.counts.in_scope = sum(record.effective for record in work.due)


async def see_off(work: Work, state: JobState) -> None:
    """Count who leaves, let the guard speak, then disable and delete.

    Leavers who can't be settled count, though nothing is sent for them.
    """
    leavers = _leavers(work)
    work.held_back = deletions.held_back(leavers, work.job, state)
    for anchor, link in leavers.items():
        if link.staged and anchor not in work.held_back:
            # Who may go and fails is tried again like anybody else, without another word.
            work.space.link(replace(link, staged=None))
    gone = [record for record in work.due if not record.effective]
    await work.each("leaving", gone, work.carry_out)


def _leavers(work: Work) -> dict[Anchor, ObjectConnection]:
    unsettled = (work.space.sources[anchor] for anchor in work.unsettled)
    links = ((record, work.link_of(record)) for record in chain(work.due, unsettled))
    return {
        link.source_anchor: link
        for record, link in links
        if link and deletions.leave_of(record, link, work.mapping_of(record), work.job)
    }


async def bring_up_to_date(work: Work) -> None:
    """Update who is linked; whoever frees a matching value first."""
    linked = {r.entry.anchor: r for r in work.due if r.effective and work.link_of(r)}
    held = {c.source_anchor: c.matching_value for c in work.space.connections()}
    wanted = {anchor: _matching_value(r, work) or held[anchor] for anchor, r in linked.items()}
    for wave in ordering.waves(held, wanted):
        await work.each("updating", [linked[anchor] for anchor in wave], work.carry_out)


async def welcome(work: Work) -> None:
    """Match or create who is new."""
    newcomers = [r for r in work.due if r.effective and not work.link_of(r)]
    await work.each("creating", newcomers, work.carry_out)


async def resolve_references(work: Work) -> None:
    """Point to objects that were not in the target when their referrers were written."""
    waiting = dict(work.deferred) | dict.fromkeys(_woken(work))
    records = [work.space.sources[anchor] for anchor in waiting]
    await work.each("linking", records, partial(linking.carry_out, work))


def referrers(work: Work) -> list[Anchor]:
    """The linked objects that refer to one which came into scope in this cycle."""
    arrived = {anchor.id for anchor in work.arrived}
    return [
        anchor
        for anchor, record in work.space.sources.items()
        if arrived and record.effective and work.link_of(record)
        if anchor.object_type in work.compiled
        if not arrived.isdisjoint(chain.from_iterable(record.entry.references.values()))
    ]


def _find_due(work: Work) -> list[Anchor]:
    """The objects this cycle has to decide about: changed, escrowed or staged."""
    now, space = work.ports.clock.now(), work.space
    again = {anchor for anchor, escrow in space.escrows.items() if escrows.is_due(escrow, now)}
    again.update(c.source_anchor for c in space.connections() if c.staged)
    due = [anchor for anchor, record in space.sources.items() if record.pending or anchor in again]
    return [anchor for kind in work.compiled for anchor in due if anchor.object_type is kind]


def _woken(work: Work) -> list[Anchor]:
    """Those referrers who failed for want of a reference, and under `heal_references` the others.

    Not who failed otherwise: more than references is open there.
    """
    return [a for a in referrers(work) if _wakes(work.space.escrows.get(a), work.job)]


def _wakes(escrow: Escrow | None, job: Job) -> bool:
    return job.heal_references if escrow is None else escrow.operation == REFERENCE


def _matching_value(record: SourceRecord, work: Work) -> str | None:
    """The value by which an object is to be recognised, if it can be told."""
    first = work.mapping_of(record).matching[:1]
    try:
        values = mapping.map_values(first, record.entry, soft_deleted=False)
    except ObjectError:
        return None  # deciding about the object will say so
    return next((str(value) for value in values.values()), None)
