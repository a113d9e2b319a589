"""The secrets of a service principal: kept for its jobs, and shown to nobody.

Source: learn.microsoft.com/graph/api/synchronization-serviceprincipal-put-synchronization
"""

from __future__ import annotations

import asyncio
from collections import Counter

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from entrasim.api.graph_error import bad_request
from entrasim.api.odata import GraphJson
from entrasim.api.odata.answers import context_url
from entrasim.api.sent import sent
from entrasim.api.synchronization.ground import Ground
from entrasim.config import MASK, MaskedSecretError
from entrasim.directory.fixture.graph_objects import GraphObject

_NAMES = (
    "AppKey ApplicationTemplateIdentifier AuthenticationType BaseAddress ClientIdentifier "
    "ClientSecret CompanyId ConnectionString ConsumerKey ConsumerSecret Domain "
    "EnforceDomain HardDeletesEnabled InstanceName None Oauth2AccessToken "
    "Oauth2AccessTokenCreationTime Oauth2AuthorizationCode Oauth2AuthorizationUri "
    "Oauth2ClientId Oauth2ClientSecret Oauth2RedirectUri Oauth2RefreshToken "
    "Oauth2TokenExchangeUri Password PerformInboundEntitlementGrants Sandbox SandboxName "
    "SecretToken Server SingleSignOnType SkipOutOfScopeDeletions SyncAgentADContainer "
    "SyncAgentCompatibilityKey SyncAll SyncNotificationSettings SynchronizationSchedule "
    "SystemOfRecord TestReferences TokenExpiration TokenKey UpdateKeyOnSoftDelete Url "
    "UserName ValidateDomain "
)
KEYS = frozenset(_NAMES.split())
"""Graph's `synchronizationSecret`."""

_SHOWN = frozenset(
    {"BaseAddress", "SkipOutOfScopeDeletions", "SyncAll", "SyncNotificationSettings"}
)
"""What is no secret, although it is kept with them."""


class Pair(Struct):
    """A secret by its key (`synchronizationSecretKeyStringValuePair`)."""

    key: str
    value: str | None = None


class Secrets(Struct):
    """The body of a PUT."""

    value: list[Pair]


async def whole(ground: Ground, request: Request) -> Response:
    """GET synchronization: the secrets as part of the whole, which is where SDKs look."""
    principal = await ground.principal(request)
    where = f"servicePrincipals('{principal.id}')/synchronization/$entity"
    found = {"id": principal.id, "secrets": await _masked(ground, principal)}
    return GraphJson({"@odata.context": context_url(request, where), **found})


async def show(ground: Ground, request: Request) -> Response:
    """GET secrets: as many as were put, their values masked."""
    principal = await ground.principal(request)
    where = f"servicePrincipals('{principal.id}')/synchronization/secrets"
    found = await _masked(ground, principal)
    return GraphJson({"@odata.context": context_url(request, where), "value": found})


async def replace(ground: Ground, request: Request) -> Response:
    """PUT secrets, in the place of all that were kept.

    A masked value stands for the one that is kept, as long as that goes to the same server:
    otherwise whoever may not read a token could have it sent to themselves. An empty one takes the
    secret away, which is how Terraform's provider deletes them.
    """
    principal = await ground.principal(request)
    given = pairs((await sent(request, Secrets)).value)
    jobs = await ground.jobs_of(principal)
    if jobs and all(one.definition is None for one in jobs):
        raise ground.written(jobs[0])
    try:
        await asyncio.to_thread(ground.roster.secrets.replace, principal.id, given)
    except MaskedSecretError as error:
        raise bad_request(str(error), "BadRequest") from None
    ground.daemon.wake()
    return Response(status_code=204)


def pairs(given: list[Pair]) -> dict[str, str]:
    """Secrets by their keys.

    Raises:
        GraphError: a key is none of Graph's, or is given twice.
    """
    for key, count in Counter(pair.key for pair in given).items():
        if key not in KEYS:
            raise bad_request(f"'{key[:80]}' is no key of a synchronizationSecret.", "BadRequest")
        if count > 1:
            raise bad_request(f"The key '{key}' is given {count} times.", "BadRequest")
    return {pair.key: pair.value or "" for pair in given}


async def _masked(ground: Ground, principal: GraphObject) -> list[dict[str, str]]:
    """The secrets as they may be shown; where all jobs are the file's, so are the secrets."""
    kept = await asyncio.to_thread(ground.roster.secrets.read, principal.id)
    found = {key: secret.reveal() for key, secret in kept.items()}
    jobs = await ground.jobs_of(principal)
    if not found and jobs and all(one.definition is None for one in jobs):
        target = jobs[0].settings.table.target
        found = {"BaseAddress": target.base_url, "SecretToken": MASK}
    return [{"key": key, "value": _as_shown(key, value)} for key, value in found.items()]


def _as_shown(key: str, value: str) -> str:
    # A URL that carries somebody's password is never called, but was put all the same.
    carries = key == "BaseAddress" and "@" in value.partition("?")[0]
    return value if key in _SHOWN and not carries else MASK
