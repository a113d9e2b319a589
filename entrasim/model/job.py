"""A synchronization job: what it is told to do, and how it stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from entrasim.model.schema import Schema


class Scope(StrEnum):
    """Who is provisioned: those assigned to the application, or everybody."""

    ASSIGNED = "assigned"
    ALL = "all"


class Fidelity(StrEnum):
    """Whether to behave as Entra does on every occasion, or as an operator would wish."""

    ENTRA = "entra"
    PRACTICAL = "practical"


class ScheduleState(StrEnum):
    """Graph's `synchronizationScheduleState`, as far as people set it."""

    ACTIVE = "Active"
    PAUSED = "Paused"


class RestartScope(StrEnum):
    """What a restart forgets, or allows (Graph's `synchronizationJobRestartScope`)."""

    WATERMARK = "Watermark"
    ESCROWS = "Escrows"
    QUARANTINE_STATE = "QuarantineState"
    CONNECTOR_DATA_STORE = "ConnectorDataStore"
    FULL = "Full"
    FORCE_DELETES = "ForceDeletes"


class Safety(Struct, frozen=True, kw_only=True):
    """Bounds beyond which a cycle doesn't trust its source.

    Attributes:
        deletion_threshold: how many may leave in one cycle; 0 is any number.
        shrink_share: the share of users, groups or assignments (0 to 1) that may be
            gone since the last good cycle.
        shrink_floor: how many there must have been for the share to be applied.
    """

    deletion_threshold: int = 500
    shrink_share: float = 0.5
    shrink_floor: int = 20


class Job(Struct, frozen=True, kw_only=True):
    """One source, one target, and the rules between them, as configured.

    Attributes:
        id: the short name people type.
        graph_id: the id in Graph's form, `scim.<tenant>.<guid>`; derived and stable.
        target_url: scheme, host, port and path of the tenant URL; links belong to it.
        default_domain: the tenant's default domain, for expressions that ask for it.
        delete_groups: whether a group that leaves scope is deleted in the target.
        interval: from the start of one cycle to the start of the next.
        starts_active: whether the job runs before anybody has said start or pause.
    """

    id: str
    graph_id: str
    schema: Schema
    target_url: str
    scope: Scope = Scope.ASSIGNED
    fidelity: Fidelity = Fidelity.ENTRA
    heal_references: bool = False
    skip_out_of_scope_deletions: bool = False
    delete_groups: bool = True
    default_domain: str | None = None
    interval: timedelta = timedelta(minutes=40)
    starts_active: bool = True
    concurrency: int = 16
    safety: Safety = Safety()


class Quarantine(Struct, frozen=True, kw_only=True):
    """Why a job is not trusted with everything for now."""

    reason: str
    began_at: datetime
    message: str


class SourceSize(Struct, frozen=True, kw_only=True):
    """How much a good cycle last found in the directory."""

    users: int
    groups: int
    assignments: int


class JobState(Struct, frozen=True, kw_only=True):
    """How a job stands, as its store remembers it.

    Attributes:
        schedule: whether cycles start by themselves.
        watermark: where the next incremental cycle begins; None makes it an initial one.
        scope: the scope that the watermark was reached under.
        schema_fingerprint: the mappings that it was reached under.
        source_size: what the last good cycle found.
        force_deletes: whether the next cycle may send what was staged.
        cycle_wanted_at: when somebody asked for a cycle that has not begun yet.
        last_started_at: when the last cycle began; the next is due an interval later.
    """

    schedule: ScheduleState
    watermark: str | None = None
    scope: Scope | None = None
    schema_fingerprint: str | None = None
    source_size: SourceSize | None = None
    force_deletes: bool = False
    quarantine: Quarantine | None = None
    cycle_wanted_at: datetime | None = None
    last_started_at: datetime | None = None
    running_cycle_id: str | None = None
