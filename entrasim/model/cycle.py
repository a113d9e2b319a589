"""A cycle: what was asked for, what it did, and what each object's part in it was."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from msgspec import Struct, field

from entrasim.model.connection import Escrow, Membership, ObjectConnection, SourceRecord
from entrasim.model.decision import Decision, Verdict
from entrasim.model.entry import Anchor, Assignment
from entrasim.model.job import Health


class CycleKind(StrEnum):
    """Whether every object is evaluated, or what changed since the watermark."""

    INITIAL = "initial"
    INCREMENTAL = "incremental"


class CycleState(StrEnum):
    """How a cycle ended (Graph's `synchronizationTaskExecutionResult`)."""

    RUNNING = "Running"
    SUCCEEDED = "Succeeded"
    ENTRY_LEVEL_ERRORS = "EntryLevelErrors"
    FAILED = "Failed"


class CycleRequest(Struct, frozen=True, kw_only=True):
    """What somebody wants of a cycle."""

    full: bool = False
    accept_shrunk_source: bool = False


class Cycle(Struct, frozen=True, kw_only=True):
    """A cycle as it begins; `reason` says why it is an initial one."""

    id: str
    job_id: str
    kind: CycleKind
    began_at: datetime
    reason: str = ""


class Counts(Struct, kw_only=True):
    """What a cycle did, object by object; grows while it runs."""

    imported: int = 0
    in_scope: int = 0
    created: int = 0
    updated: int = 0
    disabled: int = 0
    enabled: int = 0
    deleted: int = 0
    staged_deletes: int = 0
    skipped: int = 0
    escrowed: int = 0

    @property
    def exported(self) -> int:
        """How many objects were written to the target."""
        return self.created + self.updated + self.disabled + self.enabled + self.deleted


class TaskExecution(Struct, frozen=True, kw_only=True):
    """How a cycle went.

    Attributes:
        requests: how many were sent, by HTTP method.
        error: (code, message) of what ended a failed cycle.
        health: how the job does since.
    """

    cycle: Cycle
    state: CycleState
    counts: Counts
    ended_at: datetime
    requests: dict[str, int] = field(default_factory=dict)
    error: tuple[str, str] | None = None
    health: Health = Health()


class Milestones(Struct, frozen=True, kw_only=True):
    """The cycles of a job that people ask about; None if there was no such cycle.

    Attributes:
        last: the latest that ended, however it did.
        succeeded: the latest without any error.
        exported: the latest of these that wrote to the target, among the last five hundred.
        first_succeeded: the first without any error.
    """

    last: TaskExecution | None = None
    succeeded: TaskExecution | None = None
    exported: TaskExecution | None = None
    first_succeeded: TaskExecution | None = None


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of one object: a decision carried out, or the failure of it.

    Attributes:
        display_name: the object's name for people.
        decision: what was decided, without the values that must not be shown; None when
            deciding failed.
        failure: (code, message) when the object is escrowed.
        verdicts: the steps in their order, the last one included.
        connection: what is remembered from now on; None is no link.
        displaced: the source that lost its link to this one's target object.
        anew: whether the target object is another than before, or the first.
        joined, left: the memberships that were sent and taken back. Those of an object
            that is linked anew, or not any more, are forgotten before.
        escrow: what is kept for another try; None clears it.
        source: the source record to remember; None leaves it as it is.
        intent_settled: whether an open intent of this object is answered.
        logged: whether the provisioning log gets a record.
        began_at, ended_at: the time it took.
        id: that of its record in the provisioning log.
    """

    anchor: Anchor
    display_name: str
    decision: Decision | None
    began_at: datetime
    ended_at: datetime
    id: str = field(default_factory=lambda: str(uuid4()))
    failure: tuple[str, str] | None = None
    verdicts: tuple[Verdict, ...] = ()
    connection: ObjectConnection | None = None
    displaced: Anchor | None = None
    anew: bool = False
    joined: tuple[Membership, ...] = ()
    left: tuple[Membership, ...] = ()
    escrow: Escrow | None = None
    source: SourceRecord | None = None
    intent_settled: bool = False
    logged: bool = True


class Stage(Struct, frozen=True, kw_only=True):
    """What importing found, to be kept before the first write.

    `read_to` is the watermark of the reading that it came from; None leaves the last one.
    """

    sources: tuple[SourceRecord, ...]
    assignments: tuple[Assignment, ...]
    read_to: str | None = None
