"""The schema of a job: shown, and replaced as a whole.

Source: learn.microsoft.com/graph/api/synchronization-synchronizationschema-update
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from entrasim.api.graph_error import bad_request, not_found
from entrasim.api.odata import GraphJson
from entrasim.api.odata.answers import context_url
from entrasim.api.sent import sent
from entrasim.api.synchronization.ground import Ground
from entrasim.bootstrap import examined

_CONTEXT = "@odata.context"


async def show(ground: Ground, request: Request) -> Response:
    """GET schema: the document as it was PUT, or as the template or the file has it."""
    found = await ground.job(request)
    principal, job = request.path_params["principal"], found.job.graph_id
    where = f"servicePrincipals('{principal}')/synchronization/jobs('{job}')/schema/$entity"
    document = found.settings.schema.document
    return GraphJson({**document, _CONTEXT: context_url(request, where)})


async def replace(ground: Ground, request: Request) -> Response:
    """PUT schema; with any mistake in it, each is told and nothing is changed."""
    found = await ground.made_job(request)
    document = await sent(request, dict[str, Any])
    document.pop(_CONTEXT, None)
    examination = await asyncio.to_thread(examined, document, origin="schema")
    if examination.mistakes:
        raise bad_request("\n".join(examination.mistakes), "InvalidSchema")
    text = msgspec.json.encode(document).decode()
    if not await ground.store.change_schema(found.job.id, text):
        raise not_found("synchronizationJob", found.job.graph_id)
    ground.daemon.wake()
    return Response(status_code=204)
