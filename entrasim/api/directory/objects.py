"""Objects of whichever kind by id; the tenant itself; and nobody who asks.

Source: learn.microsoft.com/graph/api/directoryobject-get, …/directoryobject-getbyids,
…/organization-list
"""

from __future__ import annotations

from collections import Counter

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from entrasim.api.directory.directory import Directory
from entrasim.api.directory.paths import key_of, routed
from entrasim.api.directory.types import DIRECTORY_OBJECT
from entrasim.api.directory.view import View, typed
from entrasim.api.graph_error import bad_request, not_found
from entrasim.api.odata import GraphJson, entity, expanded
from entrasim.api.odata.answers import context_url
from entrasim.api.odata.options import Expansion
from entrasim.api.sent import sent_object

_MOST_IDS = 1000


class Objects:
    """What /directoryObjects, /organization and /me answer."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def routes(self) -> list[BaseRoute]:
        """The paths, each with its methods."""
        return [
            *routed("/directoryObjects/.getByIds", POST=self._by_ids),
            *routed("/directoryObjects/{id}", GET=self._get),
            *routed("/organization", GET=self._organization),
            *routed("/me", GET=self._me),
        ]

    async def _get(self, request: Request) -> Response:
        found = (await self._directory.look()).any(key_of(request))
        if found is None:
            raise not_found("nothing has this id", key_of(request))
        return entity(request, typed(found), DIRECTORY_OBJECT, context="directoryObjects")

    async def _by_ids(self, request: Request) -> Response:
        body = await sent_object(request)
        ids, types = _texts(body, "ids"), {one.casefold() for one in _texts(body, "types")}
        if len(ids) > _MOST_IDS:
            raise bad_request(f"The maximum number of ids is {_MOST_IDS}.")
        view = await self._directory.look()
        found = (view.any(known) for known in dict.fromkeys(ids))
        wanted = [o for o in found if o and (not types or o.kind.casefold() in types)]
        whole = Expansion(name="")
        value = [expanded(typed(one), whole, DIRECTORY_OBJECT) for one in wanted]
        context = context_url(request, "directoryObjects")
        return GraphJson({"@odata.context": context, "value": value})

    async def _organization(self, request: Request) -> Response:
        view, tenant = await self._directory.look(), self._directory.tenant
        domains = _domains(view) or [f"{tenant.folder.name}.onmicrosoft.com"]
        verified = [{"name": one, "isDefault": one == domains[0]} for one in domains]
        told = {
            "id": tenant.id,
            "displayName": tenant.folder.name,
            "tenantType": "AAD",
            "verifiedDomains": verified,
        }
        context = context_url(request, "organization")
        return GraphJson({"@odata.context": context, "value": [told]})

    async def _me(self, _request: Request) -> Response:
        raise bad_request(
            "/me request is only valid with delegated authentication flow.", "BadRequest"
        )


def _texts(body: dict[str, object], name: str) -> list[str]:
    found = body.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise bad_request(f"Property '{name}' in payload has a value that does not match schema.")
    return found


def _domains(view: View) -> list[str]:
    """The domains that users sign in by, the usual one first."""
    names = (str(row.get("userPrincipalName", "")).rpartition("@")[2] for row in view.users)
    return [name for name, _ in Counter(filter(None, names)).most_common(20)]
