"""Decide what must happen to one object: read what is, and write nothing.

The one function behind the cycle, the plan and provision on demand.
"""

from __future__ import annotations

from msgspec.structs import replace

from entrasim.engine.leaving import left, see_off
from entrasim.engine.safety import deletions
from entrasim.engine.steps import mapping, planning, resolving, scoping
from entrasim.engine.view import View, imported, subject_of
from entrasim.engine.welcoming import welcome
from entrasim.errors import TargetError, UnresolvedReferenceError
from entrasim.model.connection import SourceRecord
from entrasim.model.decision import Decision, Skip, Verdict


async def decide(record: SourceRecord, view: View) -> Decision:
    """Decide about one object.

    Raises:
        ObjectError: it can't be decided, for a reason that is the object's own.
        CycleError: nothing can be decided any more.
    """
    subject = subject_of(record)
    by, refusal = view.entitled_by.get(subject.anchor), view.refusals.get(subject.anchor)
    scope = scoping.in_scope(record.entry, by, refusal)
    verdicts = (imported(record), scope)
    connection = view.space.connection_of(subject.anchor)
    if connection is not None:
        leave = deletions.leave_of(record, connection, view.compiled, view.job)
        if leave is not None:
            return await see_off(record, connection, leave, view, verdicts)
    if not record.effective:
        return Skip(
            subject=subject,
            reason=scope.description,
            verdicts=verdicts,
            connection=None if connection is None else left(record, connection),
            code=scoping.NOT_ENTITLED,
            target_id=None if connection is None else connection.target_anchor,
        )
    return await welcome(record, connection, view, verdicts)


async def decide_references(
    record: SourceRecord, view: View, warnings: tuple[Verdict, ...] = ()
) -> Decision:
    """Decide about an object's references alone, once everybody is there.

    Raises:
        UnresolvedReferenceError: one can't be set yet, though it will be.
        ObjectError, CycleError: as `decide`.
    """
    subject = subject_of(record)
    connection = view.space.connection_of(subject.anchor)
    if connection is not None and not view.compiled.references:
        verdicts = (imported(record), *warnings)
        return planning.unchanged(subject, connection, verdicts)
    resource = await view.held(connection)
    if connection is None or resource is None:
        raise TargetError("gone from the target since it was written", code="InvalidAnchor")
    resolution = resolving.resolve(
        mapping.map_references(view.compiled, record.entry),
        connection.references,
        view.space,
        view.job.target_url,
        exporting_missing=view.compiled.exporting_missing,
    )
    if resolution.deferred:
        raise UnresolvedReferenceError(
            f"{', '.join(resolution.deferred)} can't be set yet: the object referred to failed"
        )
    flows, new = view.compiled.references, subject.anchor in view.created
    return planning.bring_up_to_date(
        subject,
        view.compiled,
        planning.differences(flows, resolution.values, resource.values, created=new),
        replace(connection, references=resolution.remembered),
        (imported(record), *warnings, *resolution.warnings),
        returns=False,
    )
