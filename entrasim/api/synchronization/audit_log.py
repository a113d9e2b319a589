"""The provisioning log, newest first.

Source: learn.microsoft.com/graph/api/provisioningobjectsummary-list
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from entrasim.api.graph_error import GraphError, bad_request
from entrasim.api.odata import EntityType, GraphJson, Shape
from entrasim.api.odata import options as options_
from entrasim.api.odata.answers import context_url, shown
from entrasim.api.odata.filtering import compile_filter
from entrasim.api.odata.paging import next_link
from entrasim.api.summaries import provisioning_summary
from entrasim.api.synchronization.ground import Ground
from entrasim.api.synchronization.log_query import pushed_down
from entrasim.api.synchronization.named_jobs import NamedJob, named_jobs
from entrasim.model.log import LogQuery, ProvisioningRecord

PAGE = 1000
"""The most records of a page, and how many there are if nobody asks for fewer."""

KIND = EntityType(
    name="provisioningObjectSummary",
    properties={
        "id": Shape.TEXT,
        "activityDateTime": Shape.MOMENT,
        "changeId": Shape.TEXT,
        "cycleId": Shape.TEXT,
        "durationInMilliseconds": Shape.NUMBER,
        "initiatedBy": Shape.COMPLEX,
        "jobId": Shape.TEXT,
        "modifiedProperties": Shape.COMPLEXES,
        "provisioningAction": Shape.TEXT,
        "provisioningStatusInfo": Shape.COMPLEX,
        "provisioningSteps": Shape.COMPLEXES,
        "servicePrincipal": Shape.COMPLEX,
        "sourceIdentity": Shape.COMPLEX,
        "sourceSystem": Shape.COMPLEX,
        "targetIdentity": Shape.COMPLEX,
        "targetSystem": Shape.COMPLEX,
        "tenantId": Shape.TEXT,
    },
    refuses=frozenset({"$count", "$expand", "$search", "$skip"}),
    largest=PAGE,
)

Row = Mapping[str, Any]


async def index(ground: Ground, request: Request) -> Response:
    """GET auditLogs/provisioning: of the tenant's jobs, those that were deleted among them."""
    asked = options_.read(request, KIND)
    fits = compile_filter(asked.filter, KIND) if asked.filter else _any
    jobs = await named_jobs(ground)
    query = pushed_down(asked.filter, {job.graph_id: known for known, job in jobs.items()})
    size = min(asked.top or PAGE, asked.page_size or PAGE, PAGE)
    found: list[Row] = []
    log = _read(ground, query, asked.skip_token, descending=_descending(asked.orderby), size=size)
    async for record in log:
        row = _summary(record, jobs)
        if row is not None and fits(row):
            found.append(row)
        if len(found) > size:
            break
    body: dict[str, object] = {"@odata.context": context_url(request, "auditLogs/provisioning")}
    if len(found) > size:
        body["@odata.nextLink"] = next_link(request, found[size - 1]["id"])
    return GraphJson({**body, "value": [shown(row, asked, KIND) for row in found[:size]]})


async def _read(
    ground: Ground, query: LogQuery, beyond: str | None, *, descending: bool, size: int
) -> AsyncIterator[ProvisioningRecord]:
    """The log, a piece at a time."""
    query = replace(query, limit=size + 1)
    while True:
        piece = await ground.store.records_by_time(query, beyond, descending=descending)
        if piece is None:
            told = "The $skiptoken belongs to no record; ask for the first page again."
            raise GraphError(400, "BadRequest", told)
        for record in piece:
            yield record
        if len(piece) < (query.limit or 0):
            return
        query, beyond = replace(query, limit=PAGE), piece[-1].id


def _summary(record: ProvisioningRecord, jobs: Mapping[str, NamedJob]) -> Row | None:
    """A record as Graph shows it; None if it is another tenant's."""
    job = jobs.get(record.job_id)
    if job is None:
        return None
    return provisioning_summary(
        record,
        tenant_id=job.tenant_id,
        application=job.application,
        service_principal_id=job.service_principal_id,
        job_id=job.graph_id,
    )


def _descending(orderby: str | None) -> bool:
    """Whether the newest come first, as they do unless somebody asks otherwise."""
    words = (orderby or "activityDateTime desc").split()
    match [word.casefold() for word in words]:
        case ["activitydatetime"] | ["activitydatetime", "asc"]:
            return False
        case ["activitydatetime", "desc"]:
            return True
    told = "The provisioning log is ordered by activityDateTime only, with asc or desc."
    raise bad_request(told, "BadRequest")


def _any(_row: Row) -> bool:
    return True
