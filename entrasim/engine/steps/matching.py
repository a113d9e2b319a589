"""Matching: find out who an object is in the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from entrasim.engine.compiled import CompiledMapping
from entrasim.errors import DuplicateTargetError, SourceObjectError, TargetError
from entrasim.model.connection import Intent, ObjectConnection
from entrasim.model.decision import REDACTED, Status, Step, Verdict
from entrasim.model.entry import ObjectType, Value
from entrasim.model.schema import Values
from entrasim.ports import Target, TargetResource

EXTERNAL_ID = "externalId"  # RFC 7643 §3.1: the client's own id of the resource


@dataclass(frozen=True, slots=True)
class Candidate:
    """A matching attribute and the value that an object has of it.

    Attributes:
        case_exact: whether another case is another value.
        redacted: whether verdicts must not show the value.
    """

    attribute: str
    value: str
    case_exact: bool = False
    redacted: bool = False

    @property
    def shown(self) -> str:
        """The value as verdicts show it."""
        return REDACTED if self.redacted else self.value

    @property
    def key(self) -> str:
        """The value as it is claimed by one object at a time."""
        return self.value if self.case_exact else self.value.casefold()

    def fits(self, held: Value) -> bool:
        """Whether what a target object holds is this value."""
        return held == self.value if self.case_exact else _same(held, self.value)


@dataclass(frozen=True, slots=True)
class Match:
    """What a search for a counterpart gave: the resource, or None."""

    resource: TargetResource | None
    verdict: Verdict


def candidates(compiled: CompiledMapping, values: Values) -> list[Candidate]:
    """The matching attributes that have a value, in order of priority."""
    return [
        Candidate(
            flow.attribute, str(values[flow.attribute]), flow.definition.case_exact, flow.redacted
        )
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


async def match(target: Target, object_type: ObjectType, known: Sequence[Candidate]) -> Match:
    """Ask the target by each matching attribute in turn, until one finds somebody.

    Raises:
        DuplicateTargetError: one of them finds several.
    """
    for candidate in known:
        resource = await _find_one(target, object_type, candidate)
        if resource is not None:
            return Match(resource, _found(candidate, resource))
    return Match(None, _nobody(known))


async def is_taken(target: Target, object_type: ObjectType, candidate: Candidate) -> bool:
    """Whether somebody in the target has this value."""
    return bool(await target.find(object_type, candidate.attribute, candidate.value))


async def match_again(
    target: Target, remembered: ObjectConnection | Intent
) -> TargetResource | None:
    """Look for somebody by the matching value that was recorded, whatever the source says now."""
    return await _find_one(
        target,
        remembered.source_anchor.object_type,
        Candidate(remembered.matching_attribute, remembered.matching_value),
    )


def carries(resource: TargetResource, connection: ObjectConnection) -> bool:
    """Whether a resource is still the one that was linked, by what it carries."""
    held = resource.values
    return _same(held.get(connection.matching_attribute), connection.matching_value) or (
        connection.external_id is not None and held.get(EXTERNAL_ID) == connection.external_id
    )


async def _find_one(
    target: Target, object_type: ObjectType, candidate: Candidate
) -> TargetResource | None:
    attribute, value = candidate.attribute, candidate.value
    found = await target.find(object_type, attribute, value)
    held = [(resource, resource.values.get(attribute, value)) for resource in found]
    if not all(_same(has, value) for _, has in held):
        raise TargetError(
            f'asked for {attribute} "{candidate.shown}", the target answered with somebody '
            "else; it doesn't apply the filter",
            code="SystemForCrossDomainIdentityManagementServiceIncompatible",
        )
    fitting = [resource for resource, has in held if candidate.fits(has)]
    if len(fitting) > 1:
        raise DuplicateTargetError(
            f'{len(fitting)} objects of the target have {attribute} "{candidate.shown}" '
            f"({', '.join(resource.id for resource in fitting[:5])}); remove all but one"
        )
    return next(iter(fitting), None)


def _same(held: Value, value: str) -> bool:
    return held is not None and str(held).casefold() == value.casefold()


def _found(candidate: Candidate, resource: TargetResource) -> Verdict:
    return Verdict(
        step=Step.MATCHING,
        status=Status.SUCCESS,
        description=f'Found by {candidate.attribute} "{candidate.shown}"',
        details={"target id": resource.id, candidate.attribute: candidate.shown},
    )


def _nobody(known: Sequence[Candidate]) -> Verdict:
    asked = " or ".join(f'{one.attribute} "{one.shown}"' for one in known)
    return Verdict(
        step=Step.MATCHING,
        status=Status.SUCCESS,
        description=f"Nobody in the target has {asked}",
        details={one.attribute: one.shown for one in known},
    )
