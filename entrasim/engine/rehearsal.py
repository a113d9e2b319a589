"""The plan: a cycle played against a target and a journal that only pretend to be written.

What the plan shows is what the cycle would send, since it is the cycle that decides.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from entrasim.engine.beginning import NOW
from entrasim.engine.compiled import compile_schema
from entrasim.engine.cycle import carry
from entrasim.errors import ObjectError
from entrasim.model.connection import ConnectorSpace, Intent, Membership
from entrasim.model.cycle import Cycle, CycleKind, CycleRequest, Outcome, Stage, TaskExecution
from entrasim.model.decision import AttributeChange, Decision
from entrasim.model.entry import Anchor, ObjectType, Value
from entrasim.model.job import Announcement, Job, JobState
from entrasim.ports import Journal, Ports, Reached, Store, Target, TargetResource, WireRequest


async def plan(
    job: Job, ports: Ports, store: Store, request: CycleRequest = NOW
) -> tuple[TaskExecution, tuple[Outcome, ...]]:
    """Play a cycle and give its outcomes, in the order in which they would happen.

    Works for a paused job and beside a running cycle. Reads directory, target and store;
    writes nothing anywhere.

    Raises:
        SourceError, CycleError: as the cycle itself would.
    """
    compiled = compile_schema(job.schema).items()
    matching = {kind: tuple(flow.attribute for flow in m.matching) for kind, m in compiled}
    journal = RehearsalJournal(store)
    rehearsed = replace(ports, store=journal, target=RehearsalTarget(ports.target, matching))
    execution = await carry(job, await store.job_state(job), rehearsed, request)
    return execution, tuple(journal.outcomes)


class RehearsalTarget:
    """Reads from the real target, and shows what was planned on top of it."""

    def __init__(self, target: Target, matching: Mapping[ObjectType, Sequence[str]]) -> None:
        self._target, self._matching = target, matching
        self._planned: dict[tuple[ObjectType, str], TargetResource | None] = {}
        self._ids: dict[tuple[ObjectType, str, str], dict[str, None]] = {}

    async def probe(self, object_types: Sequence[ObjectType]) -> None:
        """Probe the real target."""
        await self._target.probe(object_types)

    async def find(
        self, object_type: ObjectType, attribute: str, value: str
    ) -> tuple[TargetResource, ...]:
        """Find in the target as it would be by now."""
        there = await self._target.find(object_type, attribute, value)
        found = {r.id: r for r in there if (object_type, r.id) not in self._planned}
        for target_id in self._ids.get((object_type, attribute, value.casefold()), ()):
            planned = self._planned[object_type, target_id]
            if planned and str(planned.values.get(attribute)).casefold() == value.casefold():
                found[target_id] = planned
        return tuple(found.values())

    async def read(self, object_type: ObjectType, target_id: str) -> TargetResource | None:
        """Read an object as it would be by now."""
        key = (object_type, target_id)
        if key in self._planned:
            return self._planned[key]
        return await self._target.read(object_type, target_id)

    async def read_members(
        self, object_type: ObjectType, target_id: str, attribute: str
    ) -> tuple[str, ...] | None:
        """Read from the real target; a plan has no use for members."""
        return await self._target.read_members(object_type, target_id, attribute)

    async def read_all(self, object_type: ObjectType) -> tuple[TargetResource, ...]:
        """Read from the real target; nor for strangers."""
        return await self._target.read_all(object_type)

    async def create(
        self, object_type: ObjectType, values: Sequence[AttributeChange]
    ) -> TargetResource:
        """Pretend to create; the id that the target has yet to give names the object."""
        held = {change.attribute: change.after for change in values}
        names = [str(held[a]) for a in self._matching[object_type] if held.get(a) is not None]
        target_id = f"{{id of {next(iter(names), 'somebody')}}}"
        if (object_type, target_id) in self._planned:
            target_id = f"{target_id[:-1]}, {len(self._planned)}}}"
        return self._plan(object_type, TargetResource(target_id, held))

    async def update(
        self, object_type: ObjectType, target_id: str, changes: Sequence[AttributeChange]
    ) -> None:
        """Pretend to update."""
        resource = await self.read(object_type, target_id)
        held: dict[str, Value] = dict(resource.values) if resource else {}
        held.update((change.attribute, change.after) for change in changes)
        present = {name: value for name, value in held.items() if value is not None}
        self._plan(object_type, TargetResource(target_id, present))

    async def update_members(
        self, object_type: ObjectType, target_id: str, change: AttributeChange
    ) -> Mapping[str, ObjectError]:
        """Pretend that all were taken."""
        del object_type, target_id, change
        return {}

    async def delete(self, object_type: ObjectType, target_id: str) -> None:
        """Pretend to delete."""
        self._planned[object_type, target_id] = None

    def _plan(self, object_type: ObjectType, resource: TargetResource) -> TargetResource:
        """Remember an object as it would be, under every value that it is searched by."""
        self._planned[object_type, resource.id] = resource
        for attribute in self._matching[object_type]:
            key = (object_type, attribute, str(resource.values.get(attribute)).casefold())
            self._ids.setdefault(key, {})[resource.id] = None
        return resource

    def preview(self, decision: Decision) -> tuple[WireRequest, ...]:
        """The real target's requests."""
        return self._target.preview(decision)

    def requests_sent(self) -> Mapping[str, int]:
        """The real target's reads."""
        return self._target.requests_sent()

    async def close(self) -> None:
        """Leave the real target to its owner."""


class RehearsalJournal:
    """Remembers what the store does, and keeps the outcomes instead of writing them."""

    def __init__(self, store: Journal) -> None:
        self._store = store
        self.outcomes: list[Outcome] = []

    @asynccontextmanager
    async def lock(self, job_id: str) -> AsyncIterator[None]:  # noqa: ARG002 - as the port says
        """Lock nothing: a plan hinders nobody."""
        yield

    async def job_state(self, job: Job) -> JobState:
        """The real state."""
        return await self._store.job_state(job)

    async def connector_space(self, job_id: str) -> ConnectorSpace:
        """The real connector space."""
        return await self._store.connector_space(job_id)

    async def memberships(self, job_id: str, group: Anchor) -> tuple[Membership, ...]:
        """The real memberships; of one group a cycle asks once."""
        return await self._store.memberships(job_id, group)

    async def open_cycle(self, job: Job, kind: CycleKind, began_at: datetime) -> Cycle:
        """A cycle that nobody will remember."""
        return Cycle(id="plan", job_id=job.id, kind=kind, began_at=began_at)

    async def stage(self, cycle: Cycle, stage: Stage) -> None:
        """Stage nothing."""

    async def open_intents(self, cycle: Cycle, intents: Sequence[Intent]) -> None:
        """Intend nothing."""

    async def record(self, cycle: Cycle, outcome: Outcome) -> None:  # noqa: ARG002 - likewise
        """Keep the outcome for the plan."""
        if outcome.logged:
            self.outcomes.append(outcome)

    async def flush(self) -> None:
        """Nothing waits."""

    async def close_cycle(self, execution: TaskExecution, *, reached: Reached | None) -> None:
        """Move no watermark."""

    async def announced(self, job_id: str, announcement: Announcement) -> None:
        """A plan tells nobody."""
