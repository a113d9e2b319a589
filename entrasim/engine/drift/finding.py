"""Compare the target with what the job believes, and write nothing."""

from __future__ import annotations

from collections.abc import Iterable

from entrasim.engine import apart, sifting
from entrasim.engine.decide import decide
from entrasim.engine.drift import choosing, judging, members, strangers
from entrasim.engine.hushing import hushed
from entrasim.engine.steps import scoping
from entrasim.engine.work import Work
from entrasim.errors import ObjectError
from entrasim.model.connection import SourceRecord
from entrasim.model.cycle import Outcome
from entrasim.model.decision import AttributeChange
from entrasim.model.drift import Drift, DriftKind, DriftReport, Uncompared
from entrasim.model.entry import Anchor
from entrasim.model.job import Job
from entrasim.ports import Ports


async def find(job: Job, ports: Ports, *, unknown: bool = False) -> DriftReport:
    """Compare every object that the job keeps in the target with what it should be.

    What it should be follows from the last reading of the directory, which is not read
    again. Works for a paused job and beside a running cycle. `unknown` lists the target
    besides, for objects that no link names.

    Raises:
        CycleError: the target can't be read (any more).
    """
    state = await ports.store.job_state(job)
    work = await begin(job, ports, "drift")
    work.compiled = {kind: m.for_comparison() for kind, m in work.compiled.items()}
    await ports.target.probe(list(work.compiled))
    choice = choosing.choose(work, state)
    findings = await _compare(work, choice.compared)
    drifted = tuple(one for one in findings if isinstance(one, Drift))
    return DriftReport(
        checked=len(choice.compared),
        drifted=drifted,
        pending=choice.pending,
        unmanaged=choice.unmanaged,
        errors=tuple(one for one in findings if isinstance(one, Uncompared)),
        unknown=await strangers.find(work) if unknown else None,
        names=_names(work, (change for one in drifted for change in one.changes)),
        running=state.running_cycle_id is not None,
    )


async def begin(job: Job, ports: Ports, name: str) -> Work:
    """Begin work on what the directory said last, entitlements included."""
    work = await apart.begin(job, ports, name)
    known = work.space.sources
    assigned = scoping.entitlements(known, work.space.assignments, work.job.scope)
    sifted = sifting.sift(known, assigned, work.compiled, work.space.escrows)
    work.entitled_by, work.refusals = sifted.entitled_by, sifted.refusals
    return work


async def _compare(work: Work, anchors: Iterable[Anchor]) -> list[Drift | Uncompared | None]:
    """Compare side by side; gives what was found, in the order of the anchors."""
    found: dict[Anchor, Drift | Uncompared | None] = dict.fromkeys(anchors)

    async def compare(anchor: Anchor) -> None:
        choosing.expect_disabled(work, anchor)
        record = work.space.sources[anchor]
        try:
            found[anchor] = await _look_at(work, record)
        except ObjectError as error:
            hidden = hushed(error, None, work.mapping_of(record), record.entry)
            found[anchor] = choosing.uncompared(record, str(hidden), hidden.code)
        work.ports.observer.outcome(_seen(work, record), work.counts)

    await work.each("comparing", list(found), compare)
    return list(found.values())


async def _look_at(work: Work, record: SourceRecord) -> Drift | None:
    link = work.link_of(record)
    if link is None:
        return None
    decision = await decide(record, work.view(record))
    kind, changes = judging.kind_of(decision, link), tuple[AttributeChange, ...]()
    if kind not in judging.ANOTHER_OBJECT:  # to another one all members are sent anyway
        changes = await members.compare(work, record)
        kind = kind or (DriftKind.MEMBERS if changes else None)
    return None if kind is None else judging.judge(decision, link, kind, changes)


def _seen(work: Work, record: SourceRecord) -> Outcome:
    """What moves a progress bar; nothing came of the object."""
    anchor, name, now = record.entry.anchor, record.entry.display_name, work.ports.clock.now()
    return Outcome(
        anchor=anchor, display_name=name, decision=None, began_at=now, ended_at=now, logged=False
    )


def _names(work: Work, changes: Iterable[AttributeChange]) -> dict[str, str]:
    """The names of the objects that changes refer to, by their target ids."""
    values = (value for change in changes for value in (change.before, change.after))
    parts = (one for value in values for one in (value if isinstance(value, tuple) else (value,)))
    holders = {one: work.space.holder_of(one) for one in parts if isinstance(one, str)}
    return {one: work.name_of(holder) for one, holder in holders.items() if holder is not None}
