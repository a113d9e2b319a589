"""What goes with a service principal: its jobs, and what it is trusted with."""

from __future__ import annotations

from entrasim.api.surroundings import Surroundings
from entrasim.bootstrap import Roster
from entrasim.directory.fixture.graph_objects import GraphObject
from entrasim.directory.fixture.graph_tenant import GraphTenant


async def dismiss_jobs(around: Surroundings, tenant: GraphTenant, gone: GraphObject) -> None:
    """Remove the jobs made for a service principal, and its secrets.

    Done before it is deleted: afterwards no path leads to them any more, so that whoever is
    killed in between can ask for the deletion again. Jobs of the configuration file stay.
    """
    await Roster(around.configuration, around.store, tenant.folder).dismiss(gone.id)
    around.daemon.wake()
