"""The links of a job's objects, one at a time (beta).

Source: learn.microsoft.com/graph/api/resources/synchronization-objectconnection, of beta
"""

from __future__ import annotations

from typing import NoReturn

from starlette.requests import Request
from starlette.responses import Response

from entrasim.api.graph_error import GraphError, bad_request, not_found
from entrasim.api.odata import EntityType, Shape, entity
from entrasim.api.synchronization.ground import Ground
from entrasim.errors import JobRunningError

KIND = EntityType(
    name="objectConnection",
    properties={
        "objectId": Shape.TEXT,
        "sourceAnchor": Shape.TEXT,
        "targetAnchor": Shape.TEXT,
        "displayName": Shape.TEXT,
        "objectTypeName": Shape.TEXT,
    },
)


async def index(ground: Ground, request: Request) -> NoReturn:
    """GET objectConnections: refused, as at Graph."""
    await ground.job(request)
    told = "Listing objectConnections is not supported; ask for one by the id of its object."
    raise bad_request(told, "BadRequest")


async def show(ground: Ground, request: Request) -> Response:
    """GET objectConnections('{id}'), by the id of the object on either side."""
    job, known = (await ground.job(request)).job, request.path_params["object"]
    found = await ground.store.connection(job.id, known)
    if found is None:
        raise not_found("objectConnection", known)
    row = {
        "objectId": known,
        "sourceAnchor": found.connection.source_anchor.id,
        "targetAnchor": found.connection.target_anchor,
        "displayName": found.display_name,
        "objectTypeName": found.connection.source_anchor.object_type.value,
    }
    principal = request.path_params["principal"]
    where = f"servicePrincipals('{principal}')/synchronization/jobs('{job.graph_id}')"
    return entity(request, row, KIND, context=f"{where}/objectConnections")


async def delete(ground: Ground, request: Request) -> Response:
    """DELETE objectConnections('{id}'): the next cycle finds its object's counterpart anew."""
    job, known = (await ground.job(request)).job, request.path_params["object"]
    found = await ground.store.connection(job.id, known)
    if found is None:
        raise not_found("objectConnection", known)
    try:
        await ground.store.forget_connection(job.id, found.connection.source_anchor)
    except JobRunningError as error:
        raise GraphError(409, "Conflict", str(error)) from None
    return Response(status_code=204)
