"""Applications and assignments of a tenant as plain objects of Graph's shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar, overload

from entrasim.directory.fixture.graph_objects import GraphAssignment, GraphObject, GraphObjects
from entrasim.model.entry import ObjectType

T = TypeVar("T")
Json = dict[str, Any]

_TYPES = {"user": ObjectType.USER.value, "group": ObjectType.GROUP.value}


class Shown(Sequence[Json], Generic[T]):
    """Objects that are put into Graph's shape when somebody looks at them."""

    def __init__(self, of: Sequence[T], show: Callable[[T], Json]) -> None:
        self._of, self._show = of, show

    @overload
    def __getitem__(self, index: int) -> Json: ...

    @overload
    def __getitem__(self, index: slice) -> list[Json]: ...

    def __getitem__(self, index: int | slice) -> Json | list[Json]:
        if isinstance(index, slice):
            return [self._show(one) for one in self._of[index]]
        return self._show(self._of[index])

    def __len__(self) -> int:
        return len(self._of)


def service_principal(properties: Mapping[str, Any], tenant_id: str) -> Json:
    """A service principal; what the files don't tell is as in a new application."""
    name, app_id = properties["displayName"], properties["appId"]
    usual = {
        "accountEnabled": True,
        "appDisplayName": name,
        "appOwnerOrganizationId": tenant_id,
        "appRoleAssignmentRequired": False,
        "servicePrincipalNames": [app_id],
        "servicePrincipalType": "Application",
        "signInAudience": "AzureADMyOrg",
    }
    return {**usual, **properties, "appRoles": _app_roles(properties)}


def application(properties: Mapping[str, Any]) -> Json:
    """An application object; likewise."""
    usual = {
        "signInAudience": "AzureADMyOrg",
        "api": {"oauth2PermissionScopes": [], "preAuthorizedApplications": []},
        "publicClient": {"redirectUris": []},
        "spa": {"redirectUris": []},
        "web": {"redirectUris": [], "homePageUrl": None, "logoutUrl": None},
    }
    return {**usual, **properties, "appRoles": _app_roles(properties)}


def assignment(of: GraphAssignment, objects: GraphObjects) -> Json:
    """An app role assignment with the names of both sides."""
    principal, resource = objects.find(of.principal_id), objects.find(of.resource_id)
    return assignment_between(of, principal, resource)


def assignment_between(
    of: GraphAssignment, principal: GraphObject | None, resource: GraphObject | None
) -> Json:
    """An app role assignment with the names of both sides, as far as they are there."""
    kind = "user" if principal is None else principal.kind
    return {
        "id": of.id,
        "appRoleId": of.app_role_id,
        "createdDateTime": of.created_at,
        "principalDisplayName": principal and principal.display_name,
        "principalId": of.principal_id,
        "principalType": _TYPES.get(kind, "ServicePrincipal"),
        "resourceDisplayName": resource and resource.display_name,
        "resourceId": of.resource_id,
    }


def _app_roles(properties: Mapping[str, Any]) -> list[Json]:
    """The roles with all that Graph tells of one."""
    usual = {
        "allowedMemberTypes": ["User"],
        "description": None,
        "displayName": None,
        "isEnabled": True,
        "origin": "Application",
        "value": None,
    }
    return [{**usual, **role} for role in properties["appRoles"] if isinstance(role, Mapping)]
