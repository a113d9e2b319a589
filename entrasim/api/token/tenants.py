"""The tenant that a client signs into: by id, by domain, or by whichever there is."""

from __future__ import annotations

from entrasim.directory.fixture.graph_objects import GraphObjects
from entrasim.directory.fixture.graph_tenant import GraphTenant

# learn.microsoft.com/entra/identity-platform/v2-protocols: for accounts of whichever tenant.
_WHICHEVER = frozenset({"common", "organizations"})


class Tenants:
    """The tenants that there are: the one that the daemon serves, if it serves one."""

    def __init__(self, tenant: GraphTenant | None) -> None:
        self._tenant = tenant
        self._seen: tuple[GraphObjects, frozenset[str]] | None = None

    async def called(self, name: str) -> str | None:
        """The id of the tenant of that name; None if nobody knows it.

        Raises:
            SourceError: it is asked for by a domain, and its files can't be read.
        """
        if self._tenant is None:
            return None
        asked = name.casefold()
        if asked in _WHICHEVER or asked == self._tenant.id:
            return self._tenant.id
        is_domain = "." in asked and asked in await self._domains(self._tenant)
        return self._tenant.id if is_domain else None

    async def _domains(self, tenant: GraphTenant) -> frozenset[str]:
        """The domains of a tenant: its people sign in by names of verified ones only."""
        objects = await tenant.objects()
        if self._seen is None or self._seen[0] is not objects:
            users = objects.users.values()
            names = (str(user.properties.get("userPrincipalName", "")) for user in users)
            domains = (name.rpartition("@")[2].casefold() for name in names if "@" in name)
            self._seen = objects, frozenset(domains)
        return self._seen[1]
