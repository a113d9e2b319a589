"""Provision on demand: one user or group now, and every step of it in the answer.

Source: learn.microsoft.com/graph/api/synchronization-synchronizationjob-provisionondemand
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field
from starlette.requests import Request
from starlette.responses import Response

from entrasim.api.graph_error import GraphError, bad_request, not_found
from entrasim.api.odata import GraphJson
from entrasim.api.odata.answers import context_url
from entrasim.api.sent import sent
from entrasim.api.synchronization.ground import Ground
from entrasim.api.synchronization.on_demand_json import answer_of
from entrasim.bootstrap import Enlisted, assembled
from entrasim.config import in_graph_words
from entrasim.engine.on_demand import MEMBERS_AT_MOST, provision_on_demand
from entrasim.errors import ConfigurationError, CycleError, JobRunningError
from entrasim.model.cycle import Outcome
from entrasim.model.entry import ObjectType

_MISSING = "Please configure provisioning"
_TYPES = {kind.value.casefold(): kind for kind in ObjectType}


class Member(Struct, rename="camel"):
    """A member of a group that is to be carried over with it."""

    object_id: str
    object_type_name: str = "User"


class Links(Struct):
    """Whom a subject brings along."""

    members: list[Member] = field(default_factory=list)


class Subject(Struct, rename="camel"):
    """Whom to provision (`synchronizationJobSubject`)."""

    object_id: str
    object_type_name: str
    links: Links | None = None


class Parameters(Struct, rename="camel"):
    """By which rule to provision whom (`synchronizationJobApplicationParameters`)."""

    rule_id: str
    subjects: list[Subject]


class Demand(Struct):
    """The body of a provisionOnDemand."""

    parameters: list[Parameters]


async def provision(ground: Ground, request: Request) -> Response:
    """POST provisionOnDemand; it works while the job is paused, too."""
    found = await ground.job(request)
    demand = await sent(request, Demand)
    if found.settings.obstacle:
        told = f"{_MISSING}: {found.settings.obstacle}"
        raise bad_request(told, "CredentialsMissing")
    subject = _subject(demand, found)
    await _known(ground, subject)
    outcomes = await _provisioned(ground, found, subject)
    if not outcomes:
        told = f"Nothing could be decided about '{subject.object_id}'; see the provisioning log."
        raise bad_request(told, "BadRequest")
    context = context_url(request, "microsoft.graph.stringKeyStringValuePair")
    return GraphJson({"@odata.context": context, **answer_of(found, subject.object_id, outcomes)})


def _subject(demand: Demand, enlisted: Enlisted) -> Subject:
    """The one subject of a demand.

    Raises:
        GraphError: there is none, or there are several; its rule isn't the job's, or it brings
            too many members along.
    """
    subjects = [subject for given in demand.parameters for subject in given.subjects]
    if len(subjects) != 1:
        told = f"Provision on demand takes one subject; there are {len(subjects)}."
        raise bad_request(told, "BadRequest")
    rule = enlisted.settings.schema.schema.rule_id
    if unknown := [one.rule_id for one in demand.parameters if one.rule_id != rule]:
        told = f"The job's schema has no rule '{unknown[0][:80]}'; its rule is '{rule}'."
        raise bad_request(told, "BadRequest")
    (subject,) = subjects
    if subject.object_type_name.casefold() not in _TYPES:
        told = f"'{subject.object_type_name[:80]}' can't be provisioned; User and Group can."
        raise bad_request(told, "BadRequest")
    if len(_members(subject)) > MEMBERS_AT_MOST:
        told = f"A group is provisioned with {MEMBERS_AT_MOST} members at most."
        raise bad_request(told, "BadRequest")
    return subject


async def _known(ground: Ground, subject: Subject) -> None:
    """See that the subject is in the directory, under its id and as what it is taken for.

    Raises:
        GraphError: it isn't.
    """
    objects = await ground.tenant().objects()
    kind = _TYPES[subject.object_type_name.casefold()]
    there = objects.users if kind is ObjectType.USER else objects.groups
    if subject.object_id not in there:
        raise not_found(kind.value.lower(), subject.object_id)


def _members(subject: Subject) -> list[str]:
    links = subject.links.members if subject.links else []
    return list(dict.fromkeys(member.object_id for member in links))


async def _provisioned(ground: Ground, enlisted: Enlisted, subject: Subject) -> Sequence[Outcome]:
    world = assembled(enlisted.settings, ground.store, ground.clock, on_demand=True)
    try:
        async with world as found:
            return await provision_on_demand(
                found.job, subject.object_id, found.ports, _members(subject)
            )
    except ConfigurationError as error:
        raise bad_request(str(error), "BadRequest") from None
    except JobRunningError as error:
        raise GraphError(409, "Conflict", str(error)) from None
    except CycleError as error:
        words = str if enlisted.definition is None else in_graph_words
        raise GraphError(400, error.code, words(str(error))) from None
