"""The jobs that the log knows, as it names them."""

from __future__ import annotations

from msgspec import Struct

from entrasim.api.synchronization.ground import Ground


class NamedJob(Struct, frozen=True):
    """A job as a record of the log names it."""

    graph_id: str
    tenant_id: str
    application: str
    service_principal_id: str | None


async def named_jobs(ground: Ground) -> dict[str, NamedJob]:
    """The tenant's jobs by their short ids: of the file, made, and made and deleted."""
    tenant = ground.tenant()
    principals = (await tenant.objects()).service_principals
    found: dict[str, NamedJob] = {}
    for principal in principals.values():
        for one in ground.configured_of(principal):
            name = principal.display_name or one.application
            found[one.job.id] = NamedJob(one.job.graph_id, tenant.id, name, principal.id)
    for definition in await ground.store.definitions():
        known = principals.get(definition.service_principal_id)
        name = (known.display_name if known else None) or definition.application
        owner = definition.service_principal_id
        found[definition.id] = NamedJob(definition.graph_id, tenant.id, name, owner)
    return found
