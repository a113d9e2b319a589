"""Whether credentials are good for anything: the target is asked for somebody who can't exist.

Source: learn.microsoft.com/graph/api/synchronization-synchronizationjob-validatecredentials
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from entrasim.api.graph_error import GraphError, bad_request
from entrasim.api.odata import GraphJson
from entrasim.api.odata.answers import context_url
from entrasim.api.sent import sent
from entrasim.api.synchronization import templates
from entrasim.api.synchronization.ground import Ground
from entrasim.api.synchronization.secrets import Pair, pairs
from entrasim.bootstrap import Enlisted, target_of
from entrasim.config import OBLIGATORY, MaskedSecretError, Secret, in_graph_words, unmasked
from entrasim.engine.compiled import compile_schema
from entrasim.errors import CredentialsRefusedError, CycleError
from entrasim.model.definition import JobDefinition

_REFUSED = "SystemForCrossDomainIdentityManagementCredentialValidationFailure"
_NOT_REACHED = "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable"


class Validation(Struct, rename="camel"):
    """What is to be tried: these credentials, or those that are kept."""

    use_saved_credentials: bool | None = None
    credentials: list[Pair] | None = None
    template_id: str | None = None


async def validate_for_job(ground: Ground, request: Request) -> Response:
    """POST jobs/{id}/validateCredentials: 204 if the target takes them."""
    found = await ground.job(request)
    body = await sent(request, Validation)
    if found.definition is None:
        if not body.use_saved_credentials:
            raise ground.written(found)
        return await _try(found)
    return await _try(await _with(ground, found.definition, body))


async def validate_for_template(ground: Ground, request: Request) -> Response:
    """POST jobs/validateCredentials, before there is a job: 204 if the target takes them."""
    principal = await ground.principal(request)
    body = await sent(request, Validation)
    template = templates.named(body.template_id or "customappsso")
    trial = JobDefinition(
        id="trial",
        graph_id="trial",
        service_principal_id=principal.id,
        application=principal.display_name or principal.id,
        template_id=template.id,
        schema_text=template.text.decode(),
        interval=templates.INTERVAL,
        created_at=ground.clock.now(),
    )
    return await _try(await _with(ground, trial, body))


async def parameters(ground: Ground, request: Request) -> Response:
    """GET connectivityParameters: the secrets that a job can't do without."""
    principal = await ground.principal(request)
    where = f"servicePrincipals('{principal.id}')/synchronization/connectivityParameters"
    found = [{"key": key, "value": ""} for key in OBLIGATORY]
    return GraphJson({"@odata.context": context_url(request, where), "value": found})


async def _with(ground: Ground, definition: JobDefinition, body: Validation) -> Enlisted:
    """A job as it would be with the credentials that are to be tried."""
    owner = definition.service_principal_id
    kept = await asyncio.to_thread(ground.roster.secrets.read, owner)
    if not body.use_saved_credentials:
        kept = _given(pairs(body.credentials or []), kept)
    for key in OBLIGATORY:
        if key not in kept or not kept[key].reveal():
            told = f"The parameter '{key}' is missing from the credentials."
            raise bad_request(told, "RequestMissingRequiredParameter")
    return ground.roster.enlisted(definition, kept)


def _given(given: Mapping[str, str], kept: Mapping[str, Secret]) -> dict[str, Secret]:
    """The credentials of a body; a masked one is the one that is kept for the same server."""
    try:
        found = unmasked(given, kept)
    except MaskedSecretError as error:
        raise bad_request(str(error), "BadRequest") from None
    return {key: Secret(value) for key, value in found.items()}


async def _try(enlisted: Enlisted) -> Response:
    settings = enlisted.settings
    if settings.obstacle:
        raise bad_request(settings.obstacle, _NOT_REACHED)
    target = target_of(settings)
    try:
        await target.probe(list(compile_schema(enlisted.job.schema)))
    except CredentialsRefusedError as error:
        raise GraphError(400, _REFUSED, in_graph_words(str(error))) from None
    except CycleError as error:
        raise GraphError(400, error.code, in_graph_words(str(error))) from None
    finally:
        await target.close()
    return Response(status_code=204)
