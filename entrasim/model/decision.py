"""The closed set of decisions, and the verdicts that explain them."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from entrasim.model.connection import Leave, ObjectConnection
from entrasim.model.entry import Anchor, Value


class Step(StrEnum):
    """Graph's `provisioningStepType`."""

    IMPORT = "import"
    SCOPING = "scoping"
    MATCHING = "matching"
    PROCESSING = "processing"
    REFERENCE_RESOLUTION = "referenceResolution"
    EXPORT = "export"


class Status(StrEnum):
    """Graph's `provisioningResult`."""

    SUCCESS = "success"
    FAILURE = "failure"
    SKIPPED = "skipped"
    WARNING = "warning"


class Verdict(Struct, frozen=True, kw_only=True):
    """What one step found, in words and in details, for the log, the plan and people."""

    step: Step
    status: Status
    description: str
    details: dict[str, str] = field(default_factory=dict)
    code: str | None = None


REDACTED = "[Redact]"
"""Stands in logs and plans for a value that must not be shown."""


class AttributeChange(Struct, frozen=True, kw_only=True):
    """One target attribute's way from one value to another; None is absence.

    For a reference the values are target ids. Of a reference with many values, such as a
    group's members, `before` holds who leaves and `after` who joins. `redacted` keeps the
    values out of log and plan.
    """

    attribute: str
    before: Value
    after: Value
    redacted: bool = False

    @property
    def shown(self) -> AttributeChange:
        """The change as logs and plans show it."""
        if not self.redacted:
            return self
        before = None if self.before is None else REDACTED
        return replace(self, before=before, after=None if self.after is None else REDACTED)


class Subject(Struct, frozen=True, kw_only=True):
    """Whom a decision is about."""

    anchor: Anchor
    display_name: str


class DecisionFields(Struct, frozen=True, kw_only=True):
    """What every decision carries.

    Attributes:
        subject: the source object.
        reason: one sentence for a person.
        verdicts: how the steps came to it, in their order.
        connection: the link to remember once the decision is carried out; None forgets
            it. A Create's link has an empty target anchor until the target gives one.
        deferred: reference attributes that wait for the second pass.
    """

    subject: Subject
    reason: str
    verdicts: tuple[Verdict, ...] = ()
    connection: ObjectConnection | None = None
    deferred: tuple[str, ...] = ()


class Create(DecisionFields, frozen=True, kw_only=True):
    """Make a new target object."""

    changes: tuple[AttributeChange, ...]


class Update(DecisionFields, frozen=True, kw_only=True):
    """Bring what differs up to date."""

    target_id: str
    changes: tuple[AttributeChange, ...]


class Enable(DecisionFields, frozen=True, kw_only=True):
    """Bring somebody back, and everything about them up to date."""

    target_id: str
    changes: tuple[AttributeChange, ...]


class Disable(DecisionFields, frozen=True, kw_only=True):
    """Deactivate somebody who left; their record stays."""

    target_id: str
    changes: tuple[AttributeChange, ...]


class Delete(DecisionFields, frozen=True, kw_only=True):
    """Remove a target object whose source is gone for good."""

    target_id: str


class StagedDelete(DecisionFields, frozen=True, kw_only=True):
    """Hold a disable or delete back, since too many would leave at once."""

    target_id: str
    leave: Leave


class Skip(DecisionFields, frozen=True, kw_only=True):
    """Send nothing. `code` is NotEffectivelyEntitled or RedundantExport."""

    code: str
    target_id: str | None = None


Decision = Create | Update | Enable | Disable | Delete | StagedDelete | Skip
