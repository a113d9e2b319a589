"""The ports in memory, for tests that tell stories and need no wire and no disk."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from entrasim.errors import ConflictError, ObjectError, SourceError, TargetError
from entrasim.model.decision import AttributeChange, Decision
from entrasim.model.entry import (
    DEFAULT_ACCESS,
    Anchor,
    AppRole,
    Assignment,
    Entry,
    ObjectType,
    Reading,
    Value,
)
from entrasim.ports import TargetResource, WireRequest

Fault = Callable[[str, str], Exception | None]
"""Given a call (`create`, `update`, …) and the id or matching value, says how it fails."""


class MemoryDirectory:
    """A tenant whose people are put in and taken out by hand.

    Attributes:
        fault: asked before each reading; an error it gives is raised instead.
    """

    def __init__(self) -> None:
        self.fault: Callable[[], SourceError | None] = lambda: None
        self.entries: dict[Anchor, Entry] = {}
        self.assignments: dict[str, Assignment] = {}
        self.app_roles: dict[str, AppRole] = {}
        self._readings = itertools.count(1)

    def put(self, entry: Entry) -> None:
        """Add an object, or replace the one with its anchor."""
        self.entries[entry.anchor] = entry

    def assign(self, principal_id: str, app_role_id: str = DEFAULT_ACCESS) -> None:
        """Assign a user or group to the application, in one of its roles."""
        key = _assigned(principal_id, app_role_id)
        self.assignments[key] = Assignment(
            id=f"a-{key}", principal_id=principal_id, app_role_id=app_role_id
        )

    def unassign(self, principal_id: str, app_role_id: str = DEFAULT_ACCESS) -> None:
        """Take the assignment back."""
        del self.assignments[_assigned(principal_id, app_role_id)]

    async def read(self, since: str | None) -> Reading:  # noqa: ARG002 - gives everything each time
        """Everything there is."""
        if error := self.fault():
            raise error
        return self._reading(complete=True)

    async def look_up(self, text: str) -> Reading:
        """Everything too; the engine picks who is meant."""
        del text
        return self._reading(complete=False)

    async def probe(self) -> tuple[str, ...]:
        """How much there is."""
        reading = await self.read(None)
        return (f"{len(reading.entries)} objects", f"{len(reading.assignments)} assignments")

    async def close(self) -> None:
        """Nothing is open."""

    def _reading(self, *, complete: bool) -> Reading:
        return Reading(
            entries=tuple(self.entries.values()),
            assignments=tuple(self.assignments.values()),
            app_roles=tuple(self.app_roles.values()),
            complete=complete,
            watermark=str(next(self._readings)),
        )


def _assigned(principal_id: str, app_role_id: str) -> str:
    return principal_id if app_role_id == DEFAULT_ACCESS else f"{principal_id}/{app_role_id}"


class MemoryTarget:
    """A target that keeps objects in a dictionary and writes down every call.

    Attributes:
        objects: values by target id.
        groups: the ids of those that are groups.
        calls: (call, id or matching value) in their order, reads included.
        unique: the attribute that two objects can't share.
        fault: asked before each call; an exception it gives is raised instead. One that
            `lose_answer` names is raised after the call took effect.
    """

    def __init__(self, unique: str = "userName") -> None:
        self.objects: dict[str, dict[str, Value]] = {}
        self.groups: set[str] = set()
        self.calls: list[tuple[str, str]] = []
        self.changes: list[tuple[str, tuple[AttributeChange, ...]]] = []
        self.unique = unique
        self.fault: Fault = lambda _call, _subject: None
        self.lose_answer: Fault = lambda _call, _subject: None
        self._ids = itertools.count(1)

    @property
    def writes(self) -> list[tuple[str, str]]:
        """The calls that changed something, or tried to."""
        kinds = {"create", "update", "join", "leave", "delete"}
        return [call for call in self.calls if call[0] in kinds]

    async def probe(self, object_types: Sequence[ObjectType]) -> None:
        """Answer, unless told otherwise."""
        self._called("probe", ",".join(object_types))

    async def find(
        self, object_type: ObjectType, attribute: str, value: str
    ) -> tuple[TargetResource, ...]:
        """Find without regard to case."""
        self._called("find", value)
        return tuple(
            TargetResource(target_id, dict(values))
            for target_id, values in self.objects.items()
            if str(values.get(attribute)).casefold() == value.casefold()
            and (target_id in self.groups) is (object_type is ObjectType.GROUP)
        )

    async def read(self, object_type: ObjectType, target_id: str) -> TargetResource | None:
        """Read by id."""
        del object_type
        self._called("read", target_id)
        values = self.objects.get(target_id)
        return None if values is None else TargetResource(target_id, dict(values))

    async def read_members(
        self, object_type: ObjectType, target_id: str, attribute: str
    ) -> tuple[str, ...] | None:
        """Read who is in a group."""
        del object_type
        self._called("read", target_id)
        held = self.objects.get(target_id)
        return None if held is None else _ids(held.get(attribute))

    async def read_all(self, object_type: ObjectType) -> tuple[TargetResource, ...]:
        """Everybody, or every group."""
        self._called("read all", object_type.value)
        return tuple(
            TargetResource(target_id, dict(values))
            for target_id, values in self.objects.items()
            if (target_id in self.groups) is (object_type is ObjectType.GROUP)
        )

    async def create(
        self, object_type: ObjectType, values: Sequence[AttributeChange]
    ) -> TargetResource:
        """Create, unless the unique value is taken."""
        held = {change.attribute: change.after for change in values}
        name = str(held.get(self.unique) or held.get("displayName"))
        self._called("create", name)
        self._check_unique(None, held)
        target_id = f"t{next(self._ids)}"
        self.objects[target_id] = held
        if object_type is ObjectType.GROUP:
            self.groups.add(target_id)
        self.changes.append(("create", tuple(values)))
        self._answered("create", name)
        return TargetResource(target_id, dict(held))

    async def update(
        self, object_type: ObjectType, target_id: str, changes: Sequence[AttributeChange]
    ) -> None:
        """Change what is named; None clears. An addition of several leaves those that are held."""
        del object_type
        self._called("update", target_id)
        if target_id not in self.objects:
            raise TargetError(f"{target_id} is not there", code="InvalidAnchor")
        held = dict(self.objects[target_id])
        held.update({c.attribute: _changed(held.get(c.attribute), c) for c in changes})
        self._check_unique(target_id, held)
        self.objects[target_id] = {name: v for name, v in held.items() if v is not None}
        self.changes.append((target_id, tuple(changes)))
        self._answered("update", target_id)

    async def update_members(
        self, object_type: ObjectType, target_id: str, change: AttributeChange
    ) -> Mapping[str, ObjectError]:
        """Take who leaves out and who joins in, one by one."""
        del object_type
        refused: dict[str, ObjectError] = {}
        held = self.objects.get(target_id, {})
        members = dict.fromkeys(_ids(held.get(change.attribute)))
        calls = [("leave", m) for m in _ids(change.before)]
        for call, member in [*calls, *(("join", m) for m in _ids(change.after))]:
            try:
                self._called(call, member)
                if call == "leave":
                    members.pop(member, None)
                elif target_id in self.objects:
                    members[member] = None
                else:
                    raise TargetError(f"{target_id} is not there", code="InvalidAnchor")
            except ObjectError as error:
                refused[member] = error
            finally:
                held[change.attribute] = tuple(members)
        return refused

    async def delete(self, object_type: ObjectType, target_id: str) -> None:
        """Remove; what is gone is gone."""
        del object_type
        self._called("delete", target_id)
        self.objects.pop(target_id, None)

    def preview(self, decision: Decision) -> tuple[WireRequest, ...]:
        """Nothing goes over a wire here."""
        del decision
        return ()

    def requests_sent(self) -> Mapping[str, int]:
        """The calls, by their names."""
        return Counter(call for call, _ in self.calls)

    async def close(self) -> None:
        """Nothing is open."""

    def _called(self, call: str, subject: str) -> None:
        self.calls.append((call, subject))
        if error := self.fault(call, subject):
            raise error

    def _answered(self, call: str, subject: str) -> None:
        if error := self.lose_answer(call, subject):
            raise error

    def _check_unique(self, target_id: str | None, held: Mapping[str, Value]) -> None:
        wanted = str(held.get(self.unique)).casefold()
        if self.unique not in held:
            return
        for other, values in self.objects.items():
            if other != target_id and str(values.get(self.unique)).casefold() == wanted:
                raise ConflictError(f"{self.unique} {wanted} is taken")


def _changed(held: Value, change: AttributeChange) -> Value:
    if change.before is None and isinstance(held, tuple) and isinstance(change.after, tuple):
        return tuple(dict.fromkeys((*held, *change.after)))
    return change.after


def _ids(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
