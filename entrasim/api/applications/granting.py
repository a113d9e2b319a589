"""Assignments given and taken back, by ids.

Source: learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto and
…/serviceprincipal-delete-approleassignedto
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from entrasim.api.applications.bodies import guid
from entrasim.api.applications.showing import Json, assignment_between
from entrasim.api.graph_error import GraphError, bad_request, not_found
from entrasim.api.summaries import moment
from entrasim.directory.fixture import assigning
from entrasim.directory.fixture.applications import Application
from entrasim.directory.fixture.edit import Edit
from entrasim.directory.fixture.graph_objects import (
    GraphAssignment,
    GraphObject,
    GraphObjects,
    Kind,
    application_rows,
    graph_assignment,
    graph_assignments,
    graph_properties,
    service_principals,
)
from entrasim.directory.fixture.mentions import assignment_lists
from entrasim.directory.fixture.names import UnknownNameError
from entrasim.directory.fixture.registering import name_resources
from entrasim.errors import SourceError
from entrasim.model.entry import DEFAULT_ACCESS, ObjectType


class Granting:
    """Gives and takes back assignments while a tenant is edited.

    Args:
        edit: the edit of the tenant.
        configured: the applications that the configuration names.
    """

    def __init__(self, edit: Edit, configured: Sequence[str]) -> None:
        self._edit, self._configured = edit, configured
        self._principals = service_principals(application_rows(edit.tenant, configured))

    def glance(self, text: str) -> GraphObjects:
        """The applications, and of users and groups the one that is called so.

        To look at all of a large tenant would take as long as to edit it.
        """
        known = self._edit.names.find(text)
        found = None if known is None else _principal(self._edit, known)
        one = {} if found is None else {found.id: found}
        is_user = found is not None and found.kind == "user"
        return GraphObjects(
            users=one if is_user else {},
            groups={} if is_user else one,
            service_principals=self._principals,
        )

    def grant(self, body: dict[str, Any], fixed: Mapping[str, str], at: datetime) -> Json:
        """Assign a principal to a role of an application; gives the assignment.

        `fixed` says what the path does: the `principalId` or the `resourceId`.

        Raises:
            GraphError: the body isn't sound, or such an assignment can't be.
        """
        edit = self._edit
        principal = self._assignable(guid(body, "principalId", known=edit.names))
        resource = self._resource(guid(body, "resourceId", known=self._principals))
        roles = [str(one.get("id")) for one in resource.properties["appRoles"]]
        role = _offered(resource, guid(body, "appRoleId", known=roles))
        sides = {"principalId": principal.id, "resourceId": resource.id}
        if sides != {**sides, **fixed}:
            raise bad_request("Not a valid reference update.")
        _check_new(edit, principal, resource, role)
        application = Application(resource.id, [resource.properties])
        told = {"appRoleId": role} if role != DEFAULT_ACCESS else {}
        told["createdDateTime"] = moment(at.replace(microsecond=0))
        added = assigning.grant(edit, application, principal.id, told)
        made = graph_assignment(added, resource.id, application, edit.names)
        return assignment_between(made, principal, resource)

    def revoke(self, known: str, fixed: Mapping[str, str]) -> None:
        """Take an assignment back; `fixed` as in `grant`.

        Raises:
            GraphError: there is none of that id.
        """
        edit = self._edit
        if len(self._principals) > 1:
            name_resources(edit, self._configured)
        named = [(i, Application(i, [one.properties])) for i, one in self._principals.items()]
        for holder, rows in assignment_lists(edit.tenant):
            for index, row in enumerate(rows):
                if any(_is(one, known, fixed) for one in _meant(edit, row, named)):
                    del rows[index]
                    edit.changed(holder)
                    return
        raise not_found("appRoleAssignment", known)

    def _assignable(self, known: str) -> GraphObject:
        found = _principal(self._edit, known)
        if found is None:
            raise not_found("principalId", known)
        return found

    def _resource(self, known: str) -> GraphObject:
        if known not in self._principals:
            raise not_found("resourceId", known)
        return self._principals[known]


def _is(found: GraphAssignment, known: str, fixed: Mapping[str, str]) -> bool:
    sides = {"principalId": found.principal_id, "resourceId": found.resource_id}
    return found.id == known and all(sides[name] == value for name, value in fixed.items())


def _meant(
    edit: Edit, row: object, named: Sequence[tuple[str, Application]]
) -> list[GraphAssignment]:
    ours = [(known, application) for known, application in named if application.concerns(row)]
    try:
        return [graph_assignment(row, known, one, edit.names) for known, one in ours]
    except UnknownNameError:
        return []  # somebody who isn't there; the next reading of the tenant tells


def _principal(edit: Edit, known: str) -> GraphObject | None:
    """A user or group outside the recycle bin."""
    found = edit.find(known)
    if found is None:
        return None
    kind: Kind = "user" if found[0] is ObjectType.USER else "group"
    return GraphObject(kind=kind, id=known, properties=graph_properties(found[1]))


def _offered(resource: GraphObject, role: str) -> str:
    """A role of the application, as it spells the id, or default access to it."""
    if role == DEFAULT_ACCESS:
        return role
    for one in resource.properties["appRoles"]:
        if str(one.get("id")).lower() == role.lower() and one.get("isEnabled") is not False:
            return str(one["id"])
    app_id = resource.properties["appId"]
    raise bad_request(f"Permission being assigned was not found on application '{app_id}'.")


def _check_new(edit: Edit, principal: GraphObject, resource: GraphObject, role: str) -> None:
    try:
        there = graph_assignments(edit.tenant, {resource.id: resource}, edit.names)
    except UnknownNameError as error:
        raise SourceError(f"{edit.tenant.folder}: {error}") from None
    if any(one.principal_id == principal.id and one.app_role_id == role for one in there.values()):
        raise _there_already()


def _there_already() -> GraphError:
    return bad_request("Permission being assigned already exists on the object")
