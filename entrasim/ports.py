"""What the engine needs from the world; everything else is somebody's implementation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableSequence, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from entrasim.errors import ObjectError
from entrasim.model.connection import ConnectorSpace, Intent, Membership
from entrasim.model.cycle import Counts, Cycle, CycleKind, Outcome, Stage, TaskExecution
from entrasim.model.decision import AttributeChange, Decision
from entrasim.model.entry import Anchor, ObjectType, Reading, Value
from entrasim.model.job import Job, JobState, Quarantine, RestartScope, ScheduleState, SourceSize
from entrasim.model.log import LogQuery, ProvisioningRecord

T = TypeVar("T")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""


class Chance(Protocol):
    """Chooses at random; Python's own `random.Random` and `random.SystemRandom` do."""

    def choice(self, seq: Sequence[T], /) -> T:
        """One of several."""

    def shuffle(self, x: MutableSequence[T], /) -> None:
        """Bring several into another order."""

    def getrandbits(self, k: int, /) -> int:
        """A number of so many bits."""


class Directory(Protocol):
    """A source of users, groups and assignments."""

    async def read(self, since: str | None) -> Reading:
        """Read what changed since a watermark, or everything.

        A directory that can't tell what changed gives a complete reading each time; the
        engine finds the changes.

        Raises:
            SourceError: it can't be read whole, or contradicts itself.
        """

    async def look_up(self, text: str) -> Reading:
        """Read the objects that bear an id, UPN, mail or display name.

        The reading holds them first, then the groups that entitle them and the objects
        they refer to, as far as the directory knows; it is not complete.
        """

    async def close(self) -> None:
        """Let go of files and connections."""


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


class Journal(Protocol):
    """What a cycle remembers by. Each method but `record` returns once it is committed."""

    def lock(self, job_id: str) -> AbstractAsyncContextManager[None]:
        """Hold a job's cycle for this process; freed when the process dies.

        Raises:
            JobRunningError: on entering, when another process holds it.
        """

    async def job_state(self, job: Job) -> JobState:
        """How the job stands; a job never seen before is remembered as configured."""

    async def connector_space(self, job_id: str) -> ConnectorSpace:
        """Everything the job remembers of its objects."""

    async def memberships(self, job_id: str, group: Anchor) -> tuple[Membership, ...]:
        """The members that a group in the target was told to have."""

    async def open_cycle(self, job: Job, kind: CycleKind, began_at: datetime) -> Cycle:
        """Begin a cycle; one left open by a killed process is closed as Failed."""

    async def stage(self, cycle: Cycle, stage: Stage) -> None:
        """Keep what importing found: the changed source records, and all assignments."""

    async def open_intents(self, cycle: Cycle, intents: Sequence[Intent]) -> None:
        """Commit what is about to be created, before it is sent."""

    async def record(self, cycle: Cycle, outcome: Outcome) -> None:
        """Take one object's outcome; it is committed with others, soon, in order."""

    async def flush(self) -> None:
        """Return once every outcome taken so far is committed."""

    async def close_cycle(
        self, execution: TaskExecution, *, reached: Reached | None, quarantine: Quarantine | None
    ) -> None:
        """End a cycle after all its outcomes are committed.

        `reached` moves the watermark; None leaves it. `quarantine` replaces the job's.
        """


class Store(Journal, Protocol):
    """Where jobs remember, for whoever starts, pauses, restarts and watches them."""

    async def set_schedule(self, job: Job, schedule: ScheduleState) -> None:
        """Start or pause the job; a running cycle finishes."""

    async def want_cycle(self, job: Job, at: datetime) -> None:
        """Ask the daemon for a cycle now."""

    async def restart(self, job: Job, scopes: frozenset[RestartScope]) -> None:
        """Forget what the scopes name, so that the next cycle begins anew."""

    async def executions(self, job_id: str, limit: int) -> tuple[TaskExecution, ...]:
        """The latest ended cycles, newest first."""

    async def records(self, query: LogQuery) -> tuple[ProvisioningRecord, ...]:
        """Read the provisioning log, oldest first."""

    async def close(self) -> None:
        """Commit what is open and let go of the database."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a good cycle came to: what the next one starts from."""

    watermark: str
    source_size: SourceSize


class Observer(Protocol):
    """Watches a cycle, to show progress."""

    def phase(self, name: str, total: int) -> None:
        """A phase of the cycle begins, with so many objects."""

    def more(self, count: int) -> None:
        """The phase turns out to have so many more outcomes, since an object takes several."""

    def outcome(self, outcome: Outcome, counts: Counts) -> None:
        """One object is done."""


class Silence:
    """The observer that shows nothing."""

    def phase(self, name: str, total: int) -> None:
        """Show nothing."""

    def more(self, count: int) -> None:
        """Show nothing."""

    def outcome(self, outcome: Outcome, counts: Counts) -> None:
        """Show nothing."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The world as one job's cycle sees it.

    Without a `chance`, mappings that ask for something random fail. `stopping` tells
    whether somebody wants the cycle to end after the objects in flight.
    """

    directory: Directory
    target: Target
    store: Journal
    clock: Clock
    chance: Chance | None = None
    observer: Observer = field(default_factory=Silence)
    stopping: Callable[[], bool] = lambda: False
