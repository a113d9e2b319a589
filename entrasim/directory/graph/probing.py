"""See whether all that a reading takes can be read, before anybody relies on it."""

from __future__ import annotations

from collections.abc import Iterable

from entrasim.directory.graph.assignments import ServicePrincipal
from entrasim.directory.graph.client import GraphClient
from entrasim.directory.graph.deltas import COLLECTION
from entrasim.directory.graph.watermark import Asked
from entrasim.model.entry import ObjectType


async def probe(
    client: GraphClient,
    asked: Asked,
    principal: ServicePrincipal,
    provisioned: Iterable[ObjectType],
) -> tuple[str, ...]:
    """Ask for the first page of everything; gives what could be read.

    Raises:
        SourceError: the first that can't, with the permission that it takes.
    """
    await _one(client, client.url(f"/servicePrincipals/{principal.id}/appRoleAssignedTo", top="1"))
    named = principal.display_name or principal.id
    found = [f'the assignments to "{named}"']
    for kind in ObjectType:
        select = ",".join(asked.select(kind))
        await _one(client, client.url(f"/{COLLECTION[kind]}/delta", select=select))
        found.append(f"changes of {COLLECTION[kind]}")
    for kind in provisioned:
        path = f"/directory/deletedItems/microsoft.graph.{kind.value.lower()}"
        await _one(client, client.url(path, select="id", top="1"))
        found.append(f"deleted {COLLECTION[kind]}")
    return tuple(found)


async def _one(client: GraphClient, url: str) -> None:
    async for _ in client.pages(url):
        return
