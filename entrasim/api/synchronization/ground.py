"""What the synchronization API stands on, and the service principal and job of a request."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from entrasim.api.graph_error import GraphError, no_tenant, not_found
from entrasim.api.surroundings import Surroundings
from entrasim.bootstrap import Enlisted, Roster
from entrasim.directory.fixture.graph_objects import GraphObject
from entrasim.directory.fixture.graph_tenant import GraphTenant
from entrasim.ports import Clock
from entrasim.scheduler.daemon import Daemon
from entrasim.state import SqlStore

_NAMES = ("id", "appId", "displayName")


@dataclass(frozen=True, slots=True)
class Ground:
    """The jobs of the tenant that is served, and what is needed to do something with them."""

    around: Surroundings
    roster: Roster

    @classmethod
    def of(cls, around: Surroundings) -> Ground:
        """The ground of a daemon's API."""
        tenant = around.tenant.folder if around.tenant else None
        return cls(around, Roster(around.configuration, around.store, tenant))

    @property
    def store(self) -> SqlStore:
        """The state."""
        return self.around.store

    @property
    def clock(self) -> Clock:
        """What the daemon goes by."""
        return self.around.clock

    @property
    def daemon(self) -> Daemon:
        """Whom to wake when something was changed."""
        return self.around.daemon

    def tenant(self) -> GraphTenant:
        """The tenant that is served.

        Raises:
            GraphError: there is none.
        """
        if self.around.tenant is None:
            raise no_tenant()
        return self.around.tenant

    async def principal(self, request: Request) -> GraphObject:
        """The service principal in a request's path.

        Raises:
            GraphError: there is none of that id.
        """
        known = request.path_params["principal"]
        found = (await self.tenant().objects()).service_principals.get(known)
        if found is None or found.deleted:
            raise not_found("servicePrincipal", known)
        return found

    async def jobs_of(self, principal: GraphObject) -> list[Enlisted]:
        """The jobs of a service principal; those of the configuration file come first."""
        made = await self.roster.made()
        ours = (one for one in made if _owner(one) == principal.id)
        return [*self.configured_of(principal), *ours]

    def configured_of(self, principal: GraphObject) -> list[Enlisted]:
        """The jobs that the configuration file has for a service principal."""
        return [one for one in self.roster.configured if self._is_of(one, principal)]

    async def job(self, request: Request) -> Enlisted:
        """The job in a request's path.

        Raises:
            GraphError: the service principal is not there, or has no such job.
        """
        known = request.path_params["job"]
        for one in await self.jobs_of(await self.principal(request)):
            if one.job.graph_id == known:
                return one
        raise not_found("synchronizationJob", known)

    async def made_job(self, request: Request) -> Enlisted:
        """The job in a request's path, if it was made through the API.

        Raises:
            GraphError: there is no such job, or the configuration file has it.
        """
        found = await self.job(request)
        if found.definition is None:
            raise self.written(found)
        return found

    def written(self, enlisted: Enlisted) -> GraphError:
        """The answer to whoever wants to change a job of the configuration file."""
        path = self.around.configuration.path
        told = f"The job '{enlisted.job.id}' is written in {path}, and can be changed there only."
        return GraphError(403, "Authorization_RequestDenied", told)

    def _is_of(self, enlisted: Enlisted, principal: GraphObject) -> bool:
        if self.around.tenant is None or enlisted.settings.tenant != self.around.tenant.folder:
            return False
        called = {str(principal.properties.get(name)).casefold() for name in _NAMES}
        return enlisted.application.casefold() in called


def _owner(enlisted: Enlisted) -> str | None:
    definition = enlisted.definition
    return definition.service_principal_id if definition else None
