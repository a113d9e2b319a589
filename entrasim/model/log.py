"""The provisioning log: one record per object and change."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from entrasim.model.decision import AttributeChange, Status, Verdict
from entrasim.model.entry import ObjectType


class ProvisioningRecord(Struct, frozen=True, kw_only=True):
    """What happened to one object in one cycle, and why (Graph's `provisioningObjectSummary`).

    Attributes:
        action: create, update, disable, delete, stagedDelete or other; what Entra calls
            enabling is an update.
        status: how it ended.
        error_code, error_message: why it failed or was skipped.
        steps: the verdicts in their order.
        changes: the attributes that were to change.
    """

    id: str
    job_id: str
    cycle_id: str
    activity_at: datetime
    duration_ms: int
    action: str
    status: Status
    object_type: ObjectType
    source_id: str
    source_name: str
    target_id: str | None
    initiated_by: str
    error_code: str | None = None
    error_message: str | None = None
    steps: tuple[Verdict, ...] = ()
    changes: tuple[AttributeChange, ...] = ()


class LogQuery(Struct, frozen=True, kw_only=True):
    """Which records somebody wants to read; None is any. Oldest first.

    Attributes:
        subject: an id or a name on either side.
        after: the id of the last record seen.
        limit: the newest so many.
        since, until: when the activity was, both included.
    """

    job_id: str | None = None
    subject: str | None = None
    action: str | None = None
    status: str | None = None
    cycle_id: str | None = None
    after: str | None = None
    limit: int | None = None
    since: datetime | None = None
    until: datetime | None = None
