"""Find the objects of the target that no link names."""

from __future__ import annotations

from entrasim.engine.work import Work
from entrasim.errors import IncompatibleTargetError, ObjectError
from entrasim.model.decision import Subject
from entrasim.model.drift import Unknown
from entrasim.model.entry import Anchor, ObjectType
from entrasim.ports import TargetResource

Place = tuple[ObjectType, str, str]
"""A kind of object, a matching attribute of it and a folded value."""


async def find(work: Work) -> tuple[Unknown, ...]:
    """List the target, kind by kind; what no link names is reported and never touched.

    Raises:
        IncompatibleTargetError: it can't be listed.
    """
    owners = {
        _place(link.source_anchor.object_type, link.matching_attribute, link.matching_value): (
            link.source_anchor
        )
        for link in work.space.connections()
    }
    try:
        there = {kind: await work.ports.target.read_all(kind) for kind in work.compiled}
    except ObjectError as error:
        raise IncompatibleTargetError(f"the target can't be listed: {error}") from error
    return tuple(
        _unknown(work, kind, resource, owners)
        for kind, resources in there.items()
        for resource in resources
        if work.space.holder_of(resource.id, [kind]) is None
    )


def _unknown(
    work: Work, kind: ObjectType, resource: TargetResource, owners: dict[Place, Anchor]
) -> Unknown:
    flows = [flow for flow in work.compiled[kind].matching if flow.attribute in resource.values]
    values = [str(resource.values[flow.attribute]) for flow in flows]
    shown = (v for flow, v in zip(flows, values, strict=True) if not flow.redacted)
    places = (_place(kind, flow.attribute, v) for flow, v in zip(flows, values, strict=True))
    owner = next((owners[place] for place in places if place in owners), None)
    return Unknown(
        object_type=kind,
        target_id=resource.id,
        display_name=next(shown, resource.id),
        duplicates=Subject(anchor=owner, display_name=work.name_of(owner)) if owner else None,
    )


def _place(kind: ObjectType, attribute: str, value: str) -> Place:
    return kind, attribute, value.casefold()
