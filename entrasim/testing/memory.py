"""The ports in memory, for tests that tell stories and need no wire and no disk."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from entrasim.errors import ConflictError, TargetError
from entrasim.model.decision import AttributeChange, Decision
from entrasim.model.entry import Anchor, Assignment, Entry, ObjectType, Reading, Value
from entrasim.ports import TargetResource, WireRequest

Fault = Callable[[str, str], Exception | None]
"""Given a call (`create`, `update`, …) and the id or matching value, says how it fails."""


class MemoryDirectory:
    """A tenant whose people are put in and taken out by hand."""

    def __init__(self) -> None:
        self.entries: dict[Anchor, Entry] = {}
        self.assignments: dict[str, Assignment] = {}
        self._readings = itertools.count(1)

    def put(self, entry: Entry) -> None:
        """Add an object, or replace the one with its anchor."""
        self.entries[entry.anchor] = entry

    def assign(self, principal_id: str) -> None:
        """Assign a user or group to the application."""
        self.assignments[principal_id] = Assignment(
            id=f"a-{principal_id}", principal_id=principal_id
        )

    def unassign(self, principal_id: str) -> None:
        """Take the assignment back."""
        del self.assignments[principal_id]

    async def read(self, since: str | None) -> Reading:  # noqa: ARG002 - gives everything each time
        """Everything there is."""
        return self._reading(complete=True)

    async def look_up(self, text: str) -> Reading:
        """Everything too; the engine picks who is meant."""
        del text
        return self._reading(complete=False)

    async def close(self) -> None:
        """Nothing is open."""

    def _reading(self, *, complete: bool) -> Reading:
        return Reading(
            entries=tuple(self.entries.values()),
            assignments=tuple(self.assignments.values()),
            complete=complete,
            watermark=str(next(self._readings)),
        )


class MemoryTarget:
    """A target that keeps objects in a dictionary and writes down every call.

    Attributes:
        objects: values by target id.
        calls: (call, id or matching value) in their order, reads included.
        unique: the attribute that two objects can't share.
        fault: asked before each call; an exception it gives is raised instead. One that
            `lose_answer` names is raised after the call took effect.
    """

    def __init__(self, unique: str = "userName") -> None:
        self.objects: dict[str, dict[str, Value]] = {}
        self.calls: list[tuple[str, str]] = []
        self.changes: list[tuple[str, tuple[AttributeChange, ...]]] = []
        self.unique = unique
        self.fault: Fault = lambda _call, _subject: None
        self.lose_answer: Fault = lambda _call, _subject: None
        self._ids = itertools.count(1)

    @property
    def writes(self) -> list[tuple[str, str]]:
        """The calls that changed something, or tried to."""
        return [call for call in self.calls if call[0] in {"create", "update", "delete"}]

    async def probe(self, object_types: Sequence[ObjectType]) -> None:
        """Answer, unless told otherwise."""
        self._called("probe", ",".join(object_types))

    async def find(
        self, object_type: ObjectType, attribute: str, value: str
    ) -> tuple[TargetResource, ...]:
        """Find without regard to case."""
        del object_type
        self._called("find", value)
        return tuple(
            TargetResource(target_id, dict(values))
            for target_id, values in self.objects.items()
            if str(values.get(attribute)).casefold() == value.casefold()
        )

    async def read(self, object_type: ObjectType, target_id: str) -> TargetResource | None:
        """Read by id."""
        del object_type
        self._called("read", target_id)
        values = self.objects.get(target_id)
        return None if values is None else TargetResource(target_id, dict(values))

    async def create(
        self, object_type: ObjectType, values: Sequence[AttributeChange]
    ) -> TargetResource:
        """Create, unless the unique value is taken."""
        del object_type
        held = {change.attribute: change.after for change in values}
        name = str(held.get(self.unique))
        self._called("create", name)
        self._check_unique(None, held)
        target_id = f"t{next(self._ids)}"
        self.objects[target_id] = held
        self.changes.append(("create", tuple(values)))
        self._answered("create", name)
        return TargetResource(target_id, dict(held))

    async def update(
        self, object_type: ObjectType, target_id: str, changes: Sequence[AttributeChange]
    ) -> None:
        """Change what is named; None clears."""
        del object_type
        self._called("update", target_id)
        if target_id not in self.objects:
            raise TargetError(f"{target_id} is not there", code="InvalidAnchor")
        held = {**self.objects[target_id], **{c.attribute: c.after for c in changes}}
        self._check_unique(target_id, held)
        self.objects[target_id] = {name: v for name, v in held.items() if v is not None}
        self.changes.append((target_id, tuple(changes)))
        self._answered("update", target_id)

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
        for other, values in self.objects.items():
            if other != target_id and str(values.get(self.unique)).casefold() == wanted:
                raise ConflictError(f"{self.unique} {wanted} is taken")
