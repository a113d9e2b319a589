"""Matching: find out who an object is in the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from entrasim.engine.compiled import CompiledMapping
from entrasim.errors import DuplicateTargetError, SourceObjectError, TargetError
from entrasim.model.connection import Intent, ObjectConnection
from entrasim.model.decision import Status, Step, Verdict
from entrasim.model.entry import ObjectType, Value
from entrasim.model.schema import Values
from entrasim.ports import Target, TargetResource

EXTERNAL_ID = "externalId"  # RFC 7643 §3.1: the client's own id of the resource


@dataclass(frozen=True, slots=True)
class Match:
    """What a search for a counterpart gave: the resource or None, and by which value."""

    resource: TargetResource | None
    attribute: str
    value: str
    verdict: Verdict


def matching_values(compiled: CompiledMapping, values: Values) -> list[tuple[str, str]]:
    """The matching attributes that have a value, in order of priority."""
    return [
        (flow.attribute, str(values[flow.attribute]))
        for flow in compiled.matching
        if flow.attribute in values
    ]


def without_value(compiled: CompiledMapping) -> SourceObjectError:
    """What is wrong with an object that has no value to recognise it by."""
    wanted = ", ".join(f"{f.attribute} ← {f.mapping.expression}" for f in compiled.matching)
    return SourceObjectError(
        f"no matching attribute has a value ({wanted}); "
        "fill it in the directory, or map another attribute"
    )


async def match(
    target: Target, object_type: ObjectType, candidates: Sequence[tuple[str, str]]
) -> Match:
    """Ask the target by each matching attribute in turn, until one finds somebody.

    Raises:
        DuplicateTargetError: one of them finds several.
    """
    for attribute, value in candidates:
        resource = await _find_one(target, object_type, attribute, value)
        if resource is not None:
            return Match(resource, *candidates[0], _found(attribute, value, resource))
    return Match(None, *candidates[0], _nobody(candidates))


async def match_again(
    target: Target, remembered: ObjectConnection | Intent
) -> TargetResource | None:
    """Look for somebody by the matching value that was recorded, whatever the source says now."""
    return await _find_one(
        target,
        remembered.source_anchor.object_type,
        remembered.matching_attribute,
        remembered.matching_value,
    )


def carries(resource: TargetResource, connection: ObjectConnection) -> bool:
    """Whether a resource is still the one that was linked, by what it carries."""
    held = resource.values
    return _same(held.get(connection.matching_attribute), connection.matching_value) or (
        connection.external_id is not None and held.get(EXTERNAL_ID) == connection.external_id
    )


async def _find_one(
    target: Target, object_type: ObjectType, attribute: str, value: str
) -> TargetResource | None:
    found = await target.find(object_type, attribute, value)
    if len(found) > 1:
        raise DuplicateTargetError(
            f'{len(found)} objects of the target have {attribute} "{value}" '
            f"({', '.join(resource.id for resource in found[:5])}); remove all but one"
        )
    if not found:
        return None
    held = found[0].values.get(attribute, value)
    if not _same(held, value):
        raise TargetError(
            f'asked for {attribute} "{value}", the target answered with {held!r}; '
            "it doesn't apply the filter",
            code="SystemForCrossDomainIdentityManagementServiceIncompatible",
        )
    return found[0]


def _same(held: Value, value: str) -> bool:
    return held is not None and str(held).casefold() == value.casefold()


def _found(attribute: str, value: str, resource: TargetResource) -> Verdict:
    return Verdict(
        step=Step.MATCHING,
        status=Status.SUCCESS,
        description=f'Found by {attribute} "{value}"',
        details={"target id": resource.id, attribute: value},
    )


def _nobody(candidates: Sequence[tuple[str, str]]) -> Verdict:
    asked = " or ".join(f'{attribute} "{value}"' for attribute, value in candidates)
    return Verdict(
        step=Step.MATCHING,
        status=Status.SUCCESS,
        description=f"Nobody in the target has {asked}",
        details=dict(candidates),
    )
