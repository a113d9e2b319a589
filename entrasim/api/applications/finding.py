"""What a request's path means: the tenant, a service principal, a user."""

from __future__ import annotations

from starlette.requests import Request

from entrasim.api.directory.paths import key_of
from entrasim.api.graph_error import no_tenant, not_found
from entrasim.api.surroundings import Surroundings
from entrasim.directory.fixture.graph_objects import GraphObject, GraphObjects
from entrasim.directory.fixture.graph_tenant import GraphTenant


def tenant_of(around: Surroundings) -> GraphTenant:
    """The tenant whose applications these are.

    Raises:
        GraphError: the daemon serves none.
    """
    if around.tenant is None:
        raise no_tenant()
    return around.tenant


def service_principal_of(request: Request, objects: GraphObjects) -> GraphObject:
    """The service principal of a path, by its id or by `appId`.

    Raises:
        GraphError: there is none.
    """
    return _by_id_or_app_id(request, objects.service_principals, "servicePrincipal")


def application_of(request: Request, objects: GraphObjects) -> GraphObject:
    """The application of a path, by its id or by `appId`.

    Raises:
        GraphError: there is none.
    """
    return _by_id_or_app_id(request, objects.applications, "application")


def user_of(request: Request, objects: GraphObjects) -> GraphObject:
    """The user of a path, by id or userPrincipalName.

    Raises:
        GraphError: there is none outside the recycle bin.
    """
    known = key_of(request)
    found = objects.users.get(known)
    if found is None and "@" in known:
        asked = known.casefold()
        named = (u for u in objects.users.values() if not u.deleted and _name(u) == asked)
        found = next(named, None)
    if found is None or found.deleted:
        raise not_found("user", known)
    return found


def group_of(request: Request, objects: GraphObjects) -> GraphObject:
    """The group of a path.

    Raises:
        GraphError: there is none outside the recycle bin.
    """
    known = key_of(request)
    found = objects.groups.get(known)
    if found is None or found.deleted:
        raise not_found("group", known)
    return found


def _name(user: GraphObject) -> str:
    return str(user.properties.get("userPrincipalName")).casefold()


def _by_id_or_app_id(request: Request, among: dict[str, GraphObject], kind: str) -> GraphObject:
    if "app_id" in request.path_params:
        known = key_of(request, "app_id")
        asked = known.casefold()
        same = (one for one in among.values() if one.properties["appId"].casefold() == asked)
        found = next(same, None)
    else:
        known = key_of(request)
        found = among.get(known) or among.get(known.lower())
    if found is None:
        raise not_found(kind, known)
    return found
