"""A notice: what people are told of a job that they should look after."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import NAMESPACE_DNS, uuid5

from msgspec import Struct


class NoticeKind(StrEnum):
    """The occasions.

    Entra sends one e-mail when a job comes into quarantine, and one when the reason changes
    (learn.microsoft.com/entra/identity/app-provisioning/
    application-provisioning-quarantine-status); none says that the job was disabled.
    """

    QUARANTINE_BEGAN = "quarantineBegan"
    QUARANTINE_REASON_CHANGED = "quarantineReasonChanged"
    JOB_DISABLED = "jobDisabled"
    TEST = "test"


class Notice(Struct, frozen=True, kw_only=True):
    """One occasion, told once to everybody who should know.

    Attributes:
        reason: the word for programs, such as `TooManyDeletes`.
        message: what happened and what to do, for people; holds no secret.
        began_at: since when it is so: the quarantine, the new reason, the end of the job.
        next_attempt_at: when the next cycle is due; None if none comes by itself.
        cycle_id: the cycle that found it, if one did.
    """

    job_id: str
    kind: NoticeKind
    reason: str
    message: str
    began_at: datetime
    next_attempt_at: datetime | None = None
    cycle_id: str | None = None

    @property
    def id(self) -> str:
        """The same each time the same is told, also by a later cycle; a UUID."""
        told = (self.job_id, self.kind.value, self.reason, self.began_at.isoformat())
        return str(uuid5(NAMESPACE_DNS, ".".join((*told, "notice.entrasim"))))
