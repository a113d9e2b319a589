"""A synchronization job: what it is told to do, and how it stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from entrasim.model.notice import Notice
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
    """Graph's `synchronizationScheduleState`; people pause jobs, quarantine disables them."""

    ACTIVE = "Active"
    PAUSED = "Paused"
    DISABLED = "Disabled"


class RestartScope(StrEnum):
    """What a restart forgets, or allows (Graph's `synchronizationJobRestartScope`)."""

    WATERMARK = "Watermark"
    ESCROWS = "Escrows"
    QUARANTINE_STATE = "QuarantineState"
    CONNECTOR_DATA_STORE = "ConnectorDataStore"
    FULL = "Full"
    FORCE_DELETES = "ForceDeletes"


EMPTY_CRITERIA = frozenset(
    {RestartScope.QUARANTINE_STATE, RestartScope.WATERMARK, RestartScope.ESCROWS}
)
"""What a restart without scopes forgets, as Graph's restart with empty criteria does."""


class Safety(Struct, frozen=True, kw_only=True):
    """Bounds beyond which a cycle doesn't trust its source, or its target.

    The figures about escrows are those of learn.microsoft.com/entra/identity/
    app-provisioning/application-provisioning-quarantine-status.

    Attributes:
        deletion_threshold: how many may leave in one cycle; 0 is any number.
        shrink_share: the share of users, groups or assignments (0 to 1) that may be
            gone since the last good cycle.
        shrink_floor: how many there must have been for the share to be applied.
        failed_cycles: so many cycles that fail one after the other are a quarantine.
        escrow_floor: with fewer objects in escrow nobody asks for their share.
        escrow_share: the share of objects (0 to 1) that may be in escrow.
        escrow_limit: how many may be, whatever their share.
        escrow_total: how many may be when failed references count, too.
    """

    deletion_threshold: int = 500
    shrink_share: float = 0.5
    shrink_floor: int = 20
    failed_cycles: int = 3
    escrow_floor: int = 5_000
    escrow_share: float = 0.4
    escrow_limit: int = 40_000
    escrow_total: int = 60_000


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


class QuarantineReason(StrEnum):
    """Graph's `quarantineReason`, as far as a job gets there by itself."""

    EXCEPTION = "EncounteredQuarantineException"
    ESCROW_PROPORTION = "EncounteredEscrowProportionThreshold"
    TOTAL_ESCROWS = "EncounteredTotalEscrowThreshold"
    TOO_MANY_DELETES = "TooManyDeletes"


class Announcement(Struct, frozen=True, kw_only=True):
    """A notice on its way: `told` are the channels that have it, unless all do."""

    notice: Notice
    told: tuple[str, ...] = ()
    complete: bool = False


class Quarantine(Struct, frozen=True, kw_only=True):
    """Why a job is not trusted for now (Graph's `synchronizationQuarantine`).

    A series begins when a healthy job is quarantined, and ends when the quarantine does.

    Attributes:
        code, message: the error that led to it, and what to do about it.
        series_began_at: when the series began.
        series_count: how often the quarantine was looked at again and left in effect.
        began_at, cycle_id: when it was last imposed, and by which cycle.
        next_attempt_at: when the next cycle is due.
        announced: what people were told of it last; None if they have to be told yet.
    """

    reason: QuarantineReason
    code: str
    message: str
    series_began_at: datetime
    series_count: int = 0
    began_at: datetime
    cycle_id: str
    next_attempt_at: datetime
    announced: Announcement | None = None


class Health(Struct, frozen=True, kw_only=True):
    """How a job does after a cycle.

    Attributes:
        successive_failures: how many cycles have failed one after the other.
        exhausted: whether it was quarantined for so long that it is to be disabled.
    """

    quarantine: Quarantine | None = None
    successive_failures: int = 0
    exhausted: bool = False


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
        read_to: how far the directory was read; ahead of the watermark after a cycle that
            failed. What it had read is staged, so the next one reads on from there.
        scope: the scope that the watermark was reached under.
        schema_fingerprint: the mappings that it was reached under.
        source_size: what the last good cycle found.
        force_deletes: whether the next cycle may send what was staged.
        successive_failures: how many cycles have failed one after the other.
        cycle_wanted_at: when somebody asked for a cycle that has not begun yet.
        last_started_at: when the last cycle began; the next is due an interval later.
    """

    schedule: ScheduleState
    watermark: str | None = None
    read_to: str | None = None
    scope: Scope | None = None
    schema_fingerprint: str | None = None
    source_size: SourceSize | None = None
    force_deletes: bool = False
    quarantine: Quarantine | None = None
    successive_failures: int = 0
    cycle_wanted_at: datetime | None = None
    last_started_at: datetime | None = None
    running_cycle_id: str | None = None
