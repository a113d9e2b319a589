"""Decide about somebody who should have access, known or new."""

from __future__ import annotations

from entrasim.engine.steps import mapping, matching, planning, resolving
from entrasim.engine.view import View, subject_of
from entrasim.model.connection import ObjectConnection, SourceRecord
from entrasim.model.decision import Create, Enable, Skip, Status, Step, Update, Verdict
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
    candidates = matching.matching_values(view.compiled, values)
    resource = await view.held(connection)
    if connection is not None and resource is not None and not candidates:
        candidates = [(connection.matching_attribute, connection.matching_value)]
    if not candidates:
        raise matching.without_value(view.compiled)
    if resource is None:
        view.space.claim_value(anchor, *candidates[0])
        match = await matching.match(view.target, anchor.object_type, candidates)
        resource, verdicts = match.resource, (*verdicts, match.verdict)
    else:
        verdicts = (*verdicts, _linked(resource))
    if resource is not None:
        view.space.claim_target(anchor, resource.id)
    return _bring(record, connection, resource, values, candidates[0], view, verdicts)


def _bring(  # noqa: PLR0913, PLR0917 - everything that is known by now
    record: SourceRecord,
    connection: ObjectConnection | None,
    resource: TargetResource | None,
    values: Values,
    recognised_by: tuple[str, str],
    view: View,
    verdicts: tuple[Verdict, ...],
) -> Create | Update | Enable | Skip:
    """Plan the way from what the target holds, if anything, to what it should."""
    subject = subject_of(record)
    sent = connection.references if connection else {}
    wanted = mapping.map_references(view.compiled, record.entry)
    resolution = resolving.resolve(wanted, sent, view.space, view.job.target_url, view.linked_anew)
    verdicts, deferred = (*verdicts, *resolution.warnings), tuple(resolution.deferred)
    link = ObjectConnection(
        source_anchor=subject.anchor,
        target_anchor=resource.id if resource else "",
        target_url=view.job.target_url,
        matching_attribute=recognised_by[0],
        matching_value=recognised_by[1],
        external_id=_text(values.get(matching.EXTERNAL_ID)),
        references=resolution.remembered,
    )
    if resource is None:
        values = {**mapping.map_defaults(view.compiled), **values}
        changes = planning.initial_values(values, resolution.values)
        return planning.create(subject, view.compiled, changes, link, verdicts, deferred=deferred)
    flows = (*view.compiled.flows, *view.compiled.references)
    changes = planning.differences(flows, {**values, **resolution.values}, resource.values)
    returns = connection is not None and (connection.disabled or not connection.managed)
    return planning.bring_up_to_date(
        subject, view.compiled, changes, link, verdicts, returns=returns, deferred=deferred
    )


def _linked(resource: TargetResource) -> Verdict:
    return Verdict(
        step=Step.MATCHING,
        status=Status.SUCCESS,
        description="Known in the target already",
        details={"target id": resource.id},
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
