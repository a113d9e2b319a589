"""The application that holds people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from entrasim.errors import ObjectError
from entrasim.model.decision import AttributeChange, Decision
from entrasim.model.entry import ObjectType, Value


@dataclass(frozen=True, slots=True)
class TargetResource:
    """An object in the target: its id and what it holds of the mapped attributes.

    `values` bears the mapping's spelling of target attributes; absent and null alike
    are missing from it. References hold target ids.
    """

    id: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class WireRequest:
    """A request as it goes out: absolute URL, and the body before it becomes bytes."""

    method: str
    url: str
    body: Mapping[str, object] | None = None


class Target(Protocol):
    """An application that holds people; speaks of its objects in mapped attributes.

    Every method but `probe` raises an ObjectError for what concerns the one object, and
    all raise a CycleError for what makes further calls pointless.
    """

    async def probe(self, object_types: Sequence[ObjectType]) -> None:
        """Ask for somebody who can't exist, to see that it answers as SCIM.

        Raises:
            TargetUnreachableError, CredentialsRefusedError, IncompatibleTargetError.
        """

    async def find(
        self, object_type: ObjectType, attribute: str, value: str
    ) -> tuple[TargetResource, ...]:
        """Find the objects whose matching attribute has a value."""

    async def read(self, object_type: ObjectType, target_id: str) -> TargetResource | None:
        """Read one object by its id; None if the target doesn't know it."""

    async def read_members(
        self, object_type: ObjectType, target_id: str, attribute: str
    ) -> tuple[str, ...] | None:
        """Read the target ids of a group's members; None if the target doesn't know the group.

        No cycle asks for them, as Entra doesn't; the drift report does.
        """

    async def read_all(self, object_type: ObjectType) -> tuple[TargetResource, ...]:
        """Read every object of a kind; no cycle does so either."""

    async def create(
        self, object_type: ObjectType, values: Sequence[AttributeChange]
    ) -> TargetResource:
        """Make a new object.

        Raises:
            ConflictError: a unique value is taken.
            AnswerLostError: it may have been made all the same.
        """

    async def update(
        self, object_type: ObjectType, target_id: str, changes: Sequence[AttributeChange]
    ) -> None:
        """Carry all changes of one object in as few requests as the dialect allows."""

    async def update_members(
        self, object_type: ObjectType, target_id: str, change: AttributeChange
    ) -> Mapping[str, ObjectError]:
        """Tell a group who leaves and who joins, a few members to a request.

        Gives the members that were not taken, by their target ids; the others were.
        """

    async def delete(self, object_type: ObjectType, target_id: str) -> None:
        """Remove one object; one that is already gone is removed."""

    def preview(self, decision: Decision) -> tuple[WireRequest, ...]:
        """The very requests that carrying the decision out would send, reads left out."""

    def requests_sent(self) -> Mapping[str, int]:
        """How many requests went out since this target was made, by HTTP method."""

    async def close(self) -> None:
        """Close the connections."""
