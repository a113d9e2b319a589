"""Bring back what drifted, by the phases of a cycle."""

from __future__ import annotations

from collections.abc import Container
from functools import partial

from msgspec import structs

from entrasim.engine import phases
from entrasim.engine.beginning import refuse_idle
from entrasim.engine.drift import choosing, members
from entrasim.engine.drift.finding import begin, find
from entrasim.engine.work import Work
from entrasim.model.drift import DriftReport, Healing
from entrasim.model.entry import Anchor, ObjectType
from entrasim.model.job import Job, JobState
from entrasim.ports import Ports


async def heal(job: Job, ports: Ports, *, unknown: bool = False) -> Healing:
    """Find what drifted and carry it out as a cycle would; the watermark is untouched.

    Somebody who must be disabled again counts as a leaver for the deletion guard. Whoever
    fails is escrowed. References to whoever got another target object follow. A process
    that is killed loses nothing: what is left is still drift, or pending.

    Raises:
        JobPausedError: the job is paused.
        JobRunningError: a cycle of the job is running.
        CycleError: the target can't be used (any more).
    """
    async with ports.store.lock(job.id):
        state = await ports.store.job_state(job)
        refuse_idle(job, state)
        report = structs.replace(await find(job, ports, unknown=unknown), running=False)
        # A pending referrer must not be called done with after its references alone.
        work = await begin(structs.replace(job, heal_references=False), ports, "heal")
        before = frozenset(work.space.escrows)
        if report.drifted:
            await _carry_out(work, state, report)
        return _result(work, report, before)


async def _carry_out(work: Work, state: JobState, report: DriftReport) -> None:
    """Decide again about everybody who drifted, from fresh readings, and do it."""
    for drift in report.drifted:
        choosing.expect_disabled(work, drift.anchor)
    work.due = [work.space.sources[drift.anchor] for drift in report.drifted]
    await phases.see_off(work, state)
    await phases.bring_up_to_date(work)
    work.arrived |= work.linked_anew
    waiting = {one.anchor for one in report.pending}
    work.deferred.update((a, None) for a in phases.referrers(work) if a not in waiting)
    await work.ports.store.flush()  # what is remembered of members is read there
    groups = [work.space.sources[a] for a in work.deferred if a.object_type is ObjectType.GROUP]
    await work.each("members", groups, partial(members.correct, work))
    await work.ports.store.flush()
    await phases.resolve_references(work)
    await work.ports.store.flush()


def _result(work: Work, report: DriftReport, before: Container[Anchor]) -> Healing:
    failed = [e for anchor, e in work.space.escrows.items() if anchor not in before]
    undone = {one.source_anchor for one in failed} | work.held_back
    return Healing(
        report=report,
        healed=sum(drift.anchor not in undone for drift in report.drifted),
        failed=tuple(
            choosing.uncompared(work.space.sources[e.source_anchor], e.message, e.error_code)
            for e in failed
        ),
        held_back=len(work.held_back),
    )
