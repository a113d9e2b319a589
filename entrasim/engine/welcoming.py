"""Decide about somebody who should have access, known or new."""

from __future__ import annotations

from collections.abc import Sequence

from entrasim.engine.compiled import Flow
from entrasim.engine.expressions import SELECT_UNIQUE
from entrasim.engine.steps import mapping, matching, planning, resolving
from entrasim.engine.steps.matching import Candidate
from entrasim.engine.steps.resolving import Resolution
from entrasim.engine.view import View, subject_of
from entrasim.errors import DuplicateSourceError, SourceObjectError
from entrasim.model.connection import ObjectConnection, SourceRecord
from entrasim.model.decision import (
    AttributeChange,
    Create,
    Enable,
    Skip,
    Status,
    Step,
    Update,
    Verdict,
)
from entrasim.model.entry import Anchor
from entrasim.model.schema import Values
from entrasim.ports import TargetResource


async def welcome(
    record: SourceRecord,
    connection: ObjectConnection | None,
    view: View,
    verdicts: tuple[Verdict, ...],
) -> Create | Update | Enable | Skip:
    """Match, compare, and plan: a create, an update, an enable, or nothing."""
    anchor = record.entry.anchor
    values = mapping.map_values(view.compiled.flows, record.entry, soft_deleted=False)
    candidates = matching.candidates(view.compiled, values)
    resource = await view.held(connection)
    if connection is not None and resource is not None and not candidates:
        candidates = [Candidate(connection.matching_attribute, connection.matching_value)]
    if not candidates:
        raise matching.without_value(view.compiled)
    if resource is None:
        view.space.claim_value(anchor, candidates[0].attribute, candidates[0].key)
        match = await matching.match(view.target, anchor.object_type, candidates)
        resource, verdicts = match.resource, (*verdicts, match.verdict)
    else:
        verdicts = (*verdicts, _linked(resource))
    if resource is not None:
        view.space.claim_target(anchor, resource.id)
    else:
        values = {**mapping.map_defaults(view.compiled), **values}
        values |= await _unique(anchor, values, view)
    return _bring(record, connection, resource, values, candidates[0], view, verdicts)


async def _unique(anchor: Anchor, values: Values, view: View) -> Values:
    """Of attributes with several candidates, the first that nobody in the target has.

    Raises:
        SourceObjectError: all of them are taken.
    """
    chosen: Values = {}
    for flow in view.compiled.flows:
        known = values.get(flow.attribute)
        if flow.function == SELECT_UNIQUE and isinstance(known, tuple):
            chosen[flow.attribute] = await _first_free(anchor, flow, known, view)
    return chosen


async def _first_free(anchor: Anchor, flow: Flow, values: Sequence[str], view: View) -> str:
    for value in values:
        candidate = Candidate(flow.attribute, value, flow.definition.case_exact)
        try:
            view.space.claim_value(anchor, candidate.attribute, candidate.key)
        except DuplicateSourceError:
            continue  # another newcomer of this cycle gets it
        if not await matching.is_taken(view.target, anchor.object_type, candidate):
            return value
    raise SourceObjectError(
        f"{flow.attribute}: all {len(values)} candidates of {SELECT_UNIQUE} are taken in the "
        "target; add a rule to the expression",
        code="NoUniqueValue",
    )


def _bring(  # noqa: PLR0913, PLR0917 - everything that is known by now
    record: SourceRecord,
    connection: ObjectConnection | None,
    resource: TargetResource | None,
    values: Values,
    recognised_by: Candidate,
    view: View,
    verdicts: tuple[Verdict, ...],
) -> Create | Update | Enable | Skip:
    """Plan the way from what the target holds, if anything, to what it should."""
    subject = subject_of(record)
    resolution = _resolve(record, connection, view)
    verdicts, many = (*verdicts, *resolution.warnings), view.compiled.memberships
    deferred = (*resolution.deferred, *(flow.attribute for flow in many))
    changes = _changes(resource, values, resolution, view)
    link = ObjectConnection(
        source_anchor=subject.anchor,
        target_anchor=resource.id if resource else "",
        target_url=view.job.target_url,
        matching_attribute=recognised_by.attribute,
        matching_value=recognised_by.value,
        external_id=_external_id(resource, changes),
        references=resolution.remembered,
    )
    if resource is None:
        return planning.create(subject, view.compiled, changes, link, verdicts, deferred=deferred)
    returns = connection is not None and (connection.disabled or not connection.managed)
    return planning.bring_up_to_date(
        subject, view.compiled, changes, link, verdicts, returns=returns, deferred=deferred
    )


def _changes(
    resource: TargetResource | None, values: Values, resolution: Resolution, view: View
) -> tuple[AttributeChange, ...]:
    """Everything for a newcomer; for anybody else what differs."""
    if resource is None:
        return planning.initial_values(view.compiled, values, resolution.values)
    flows = (*view.compiled.flows, *view.compiled.references)
    return planning.differences(flows, {**values, **resolution.values}, resource.values)


def _resolve(record: SourceRecord, connection: ObjectConnection | None, view: View) -> Resolution:
    """What the object's references should be by now."""
    return resolving.resolve(
        mapping.map_references(view.compiled, record.entry),
        connection.references if connection else {},
        view.space,
        view.job.target_url,
        view.linked_anew,
        view.compiled.exporting_missing,
    )


def _linked(resource: TargetResource) -> Verdict:
    return Verdict(
        step=Step.MATCHING,
        status=Status.SUCCESS,
        description="Known in the target already",
        details={"target id": resource.id},
    )


def _external_id(
    resource: TargetResource | None, changes: tuple[AttributeChange, ...]
) -> str | None:
    """The externalId that the target object has once the changes are made."""
    held = resource.values.get(matching.EXTERNAL_ID) if resource else None
    sent = (change.after for change in changes if change.attribute == matching.EXTERNAL_ID)
    value = next(sent, held)
    return None if value is None else str(value)
