"""Who is assigned to the application, in which of its roles; no delta tells of it.

Source: learn.microsoft.com/graph/api/serviceprincipal-list-approleassignedto
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec
from msgspec import Struct

from entrasim.directory import graph_json
from entrasim.directory.graph.client import PAGE_SIZE, GraphClient
from entrasim.directory.graph.diagnosing import AbsentError, no_service_principal, printable
from entrasim.directory.graph.pages import UNREADABLE
from entrasim.errors import SourceError
from entrasim.model.entry import AppRole, Assignment

_SELECT = "id,appId,displayName,appRoles"


class ServicePrincipal(Struct, frozen=True, rename="camel"):
    """The application, as the tenant has it."""

    id: str
    display_name: str | None = None
    app_roles: list[dict[str, Any]] = []

    def roles(self) -> tuple[AppRole, ...]:
        """The roles that it offers.

        Raises:
            SourceError: one is not as Graph would write it.
        """
        try:
            return tuple(graph_json.app_role(role) for role in self.app_roles)
        except graph_json.MalformedError as error:
            raise SourceError(f"Graph gave an app role that can't be read: {error}") from None


async def service_principal(client: GraphClient) -> ServicePrincipal:
    """The application by its id, else by its name.

    Raises:
        SourceError: there is none, or several bear the name.
    """
    known = client.source.service_principal_id
    if known is None:
        return await _by_name(client, client.source.application or "")
    url = client.url(f"/servicePrincipals/{quote(known, safe='')}", select=_SELECT)
    try:
        return _read(await client.get(url))
    except AbsentError:
        pass
    raise no_service_principal(client.source)


async def assignments(client: GraphClient, principal: ServicePrincipal) -> tuple[Assignment, ...]:
    """All assignments to it.

    Raises:
        SourceError: Graph can't be read.
    """
    path = f"/servicePrincipals/{quote(principal.id, safe='')}/appRoleAssignedTo"
    found: dict[str, Assignment] = {}
    async for page in client.pages(client.url(path, top=str(PAGE_SIZE))):
        for item in page.value:
            try:
                made = graph_json.assignment(msgspec.json.decode(item, type=dict[str, Any]))
            except (graph_json.MalformedError, *UNREADABLE) as error:
                raise SourceError(f"Graph gave an assignment that can't be read: {error}") from None
            found[made.id] = made
    return tuple(found.values())


async def _by_name(client: GraphClient, name: str) -> ServicePrincipal:
    quoted = name.replace("'", "''")
    url = client.url("/servicePrincipals", filter=f"displayName eq '{quoted}'", select=_SELECT)
    found = [_read(item) async for page in client.pages(url) for item in page.value]
    place = client.source.place
    match found:
        case [only]:
            return only
        case []:
            raise SourceError(
                f"{place}.application: tenant {client.source.tenant_id} has no enterprise "
                f'application "{name}"; correct it, or give service_principal_id'
            )
        case _:
            ids = printable(", ".join(one.id for one in found))
            raise SourceError(
                f'{place}.application: several are called "{name}"; choose one by '
                f"service_principal_id: {ids}"
            )


def _read(content: bytes | msgspec.Raw) -> ServicePrincipal:
    try:
        return msgspec.json.decode(content, type=ServicePrincipal)
    except UNREADABLE as error:
        raise SourceError(f"Graph gave a service principal that can't be read: {error}") from None
