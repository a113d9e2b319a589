"""A fixture tenant as the API looks at it and changes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from entrasim.api.directory.refusals import conflict
from entrasim.api.directory.view import View
from entrasim.api.graph_error import bad_request, not_found
from entrasim.directory.fixture import by_id
from entrasim.directory.fixture.checking import check_group, check_user, is_taken
from entrasim.directory.fixture.edit import Edit
from entrasim.directory.fixture.graph_tenant import GraphTenant
from entrasim.directory.fixture.names import UnknownNameError
from entrasim.directory.fixture.tables import Row, Table
from entrasim.errors import ConfigurationError
from entrasim.model.entry import ObjectType

T = TypeVar("T")


class Directory:
    """The users and groups of the tenant that the daemon serves."""

    def __init__(self, tenant: GraphTenant) -> None:
        self.tenant = tenant
        self._view: View | None = None

    async def look(self) -> View:
        """The objects as they are now.

        Raises:
            SourceError: the tenant's files can't be read.
        """
        objects = await self.tenant.objects()
        if self._view is None or self._view.objects is not objects:
            self._view = View(objects)
        return self._view

    async def edit(self, change: Callable[[Edit], T]) -> T:
        """Change rows, all or none, in a tenant that can be read.

        Raises:
            GraphError: `change` says so, or the tenant couldn't be read afterwards.
            SourceError: the tenant's files can't be read.
        """
        await self.look()
        try:
            return await self.tenant.edit(change)
        except (ConfigurationError, UnknownNameError) as error:
            raise bad_request(str(error)) from None


def row_of(edit: Edit, kind: ObjectType, known: str, *, deleted: bool = False) -> tuple[Table, Row]:
    """The row of a user or group by id, inside the recycle bin or outside of it.

    Raises:
        GraphError: there is none.
    """
    found = by_id.find(edit, kind, known)
    if found is None or bool(found[1].get("deletedDateTime")) is not deleted:
        raise not_found(f"no {kind.value.lower()} has this id", known)
    return found


def check_there(edit: Edit, known: str) -> None:
    """See that there is a user or group of an id, to be referred to.

    Raises:
        GraphError: there is none.
    """
    if edit.find(known) is None:
        raise not_found("no user or group has this id", known)


def check(edit: Edit, kind: ObjectType, row: Row) -> None:
    """See that a changed row can be read again.

    Raises:
        GraphError: another user has its userPrincipalName.
        ConfigurationError: it can't.
    """
    if kind is ObjectType.GROUP:
        check_group(row)
        return
    if is_taken(edit.tenant, row):
        raise conflict("userPrincipalName")
    check_user(edit.tenant, row)
