"""The jobs of a service principal: listed, made, started, paused, restarted and deleted.

Source: learn.microsoft.com/graph/api/resources/synchronization-synchronizationjob
"""

from __future__ import annotations

import re
from uuid import uuid4

from msgspec import Struct, field
from starlette.requests import Request
from starlette.responses import Response

from entrasim.api.graph_error import bad_request
from entrasim.api.odata import entity, page
from entrasim.api.sent import sent
from entrasim.api.synchronization import templates
from entrasim.api.synchronization.ground import Ground
from entrasim.api.synchronization.job_json import KIND, job_json
from entrasim.directory.fixture.graph_objects import GraphObject
from entrasim.model.definition import JobDefinition
from entrasim.model.job import EMPTY_CRITERIA, RestartScope, ScheduleState

_LONGEST_NAME = 40
_NO_LETTERS = re.compile(r"[^a-z0-9]+")


class NewJob(Struct, rename="camel"):
    """The body of a job to be."""

    template_id: str


class Criteria(Struct, rename="camel"):
    """What a restart forgets."""

    reset_scope: str | None = None


class Restart(Struct):
    """The body of a restart."""

    criteria: Criteria | None = field(default_factory=Criteria)


async def index(ground: Ground, request: Request) -> Response:
    """GET jobs."""
    principal = await ground.principal(request)
    rows = [await job_json(one, ground.store) for one in await ground.jobs_of(principal)]
    return await page(request, rows, KIND, context=_context(principal))


async def show(ground: Ground, request: Request) -> Response:
    """GET jobs/{id}."""
    principal = await ground.principal(request)
    found = await job_json(await ground.job(request), ground.store)
    return entity(request, found, KIND, context=_context(principal))


async def create(ground: Ground, request: Request) -> Response:
    """POST jobs: a new job with its template's schema, which runs once it is started."""
    principal = await ground.principal(request)
    template = templates.named((await sent(request, NewJob)).template_id)
    made = str(uuid4())
    definition = JobDefinition(
        id=await _short_id(ground, principal, made),
        graph_id=f"scim.{ground.tenant().id.replace('-', '')}.{made}",
        service_principal_id=principal.id,
        application=principal.display_name or principal.id,
        template_id=template.id,
        schema_text=template.text.decode(),
        interval=templates.INTERVAL,
        created_at=ground.clock.now(),
    )
    await ground.store.define(definition)
    found = await ground.roster.find(definition.id)
    row = await job_json(found, ground.store)
    return entity(request, row, KIND, context=_context(principal), status=201)


async def delete(ground: Ground, request: Request) -> Response:
    """DELETE jobs/{id}: nobody in the target is touched, and the log stays."""
    found = await ground.made_job(request)
    await ground.store.remove(found.job.id)
    await ground.store.sweep()
    ground.daemon.wake()
    return Response(status_code=204)


async def start(ground: Ground, request: Request) -> Response:
    """POST start; a quarantine is lifted by it.

    A job without credentials is started all the same, as Terraform's provider does while it
    is still putting them: its cycles begin as soon as they are there.
    """
    job = (await ground.job(request)).job
    if (await ground.store.job_state(job)).quarantine is not None:
        await ground.store.restart(job, frozenset({RestartScope.QUARANTINE_STATE}))
    await ground.store.set_schedule(job, ScheduleState.ACTIVE)
    await ground.store.want_cycle(job, ground.clock.now())
    ground.daemon.wake()
    return Response(status_code=204)


async def pause(ground: Ground, request: Request) -> Response:
    """POST pause: a running cycle finishes, and none begins."""
    found = await ground.job(request)
    await ground.store.set_schedule(found.job, ScheduleState.PAUSED)
    ground.daemon.wake()
    return Response(status_code=204)


async def restart(ground: Ground, request: Request) -> Response:
    """POST restart; without criteria it forgets quarantine, watermark and escrows."""
    found = await ground.job(request)
    body = await sent(request, Restart, if_empty=b"{}")
    scopes = _scopes(body.criteria.reset_scope if body.criteria else None)
    await ground.store.restart(found.job, scopes)
    await ground.store.want_cycle(found.job, ground.clock.now())
    ground.daemon.wake()
    return Response(status_code=204)


def _scopes(text: str | None) -> frozenset[RestartScope]:
    """The flags that a text lists, in any case of letters; `None` is none of them."""
    if not text:
        return EMPTY_CRITERIA
    known = {scope.value.casefold(): scope for scope in RestartScope}
    names = [name.strip() for name in text.split(",")]
    unknown = [name for name in names if name.casefold() not in {*known, "none"}]
    if unknown:
        there = ", ".join(("None", *RestartScope))
        told = f"'{unknown[0][:80]}' is no resetScope; there are {there}."
        raise bad_request(told, "BadRequest")
    return frozenset(known[name.casefold()] for name in names if name.casefold() in known)


async def _short_id(ground: Ground, principal: GraphObject, made: str) -> str:
    """A readable name that no other job has, or ever had."""
    words = _NO_LETTERS.sub("-", (principal.display_name or "").casefold())
    readable = words.strip("-")[:_LONGEST_NAME].strip("-") or "job"
    taken = {one.job.id for one in ground.roster.configured}
    taken |= {definition.id for definition in await ground.store.definitions()}
    lengths = (8, 13, 18, 36)
    return next(
        n for n in (f"{readable}-{made[:k]}".rstrip("-")[:64] for k in lengths) if n not in taken
    )


def _context(principal: GraphObject) -> str:
    return f"servicePrincipals('{principal.id}')/synchronization/jobs"
