"""The directory's paths below a version."""

from __future__ import annotations

from typing import NoReturn

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from entrasim.api.directory.batch import batch
from entrasim.api.directory.directory import Directory
from entrasim.api.directory.groups import Groups
from entrasim.api.directory.members import Members
from entrasim.api.directory.objects import Objects
from entrasim.api.directory.paths import routed
from entrasim.api.directory.recycle_bin import RecycleBin
from entrasim.api.directory.users import Users
from entrasim.api.graph_error import no_tenant
from entrasim.api.surroundings import Surroundings


def routes(around: Surroundings) -> list[BaseRoute]:
    """Users, groups, the recycle bin and batches; without a fixture tenant, batches only.

    Whatever else is asked for then is answered by what is missing.

    `/users/{id}` takes whatever follows: paths such as `/users/delta` must come before.
    """
    batches = routed("/$batch", POST=batch)
    if around.tenant is None:
        return [
            *batches,
            Route("/{path:path}", _nothing, methods=["GET", "POST", "PATCH", "PUT", "DELETE"]),
        ]
    directory = Directory(around.tenant)
    parts = (Users(directory), Groups(directory), Members(directory), RecycleBin(directory))
    found = [route for part in parts for route in part.routes()]
    return [*batches, *found, *Objects(directory).routes()]


async def _nothing(_request: Request) -> NoReturn:
    raise no_tenant()
