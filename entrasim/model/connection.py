"""What a job remembers of each object: its connector space."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from entrasim.model.entry import Anchor, Assignment, Entry, Presence


class Leave(StrEnum):
    """The two ways a person leaves the target."""

    DISABLE = "disable"
    DELETE = "delete"


class ObjectConnection(Struct, frozen=True, kw_only=True):
    """The link between a source object and its counterpart in the target.

    Attributes:
        source_anchor: who it is in the directory.
        target_anchor: the id that the target gave.
        target_url: scheme, host, port and path under which the link was made or last
            verified; under another one it is unverified.
        matching_attribute: the target attribute by which the object is recognised.
        matching_value: its value when last sent or read.
        external_id: the externalId last sent, if the mapping has one.
        managed: False once the object lost its entitlement; then nobody touches it,
            and a newcomer may take the target object over.
        disabled: whether the last word sent was a disable.
        references: the source ids last sent for each reference attribute with one value.
        staged: a leave that the deletion guard holds back.
    """

    source_anchor: Anchor
    target_anchor: str
    target_url: str
    matching_attribute: str
    matching_value: str
    external_id: str | None = None
    managed: bool = True
    disabled: bool = False
    references: dict[str, tuple[str, ...]] = field(default_factory=dict)
    staged: Leave | None = None


class NamedConnection(Struct, frozen=True):
    """A link, and what the object it is of is called."""

    connection: ObjectConnection
    display_name: str | None


class Membership(Struct, frozen=True, kw_only=True):
    """A member that a group in the target was told to have.

    Attributes:
        attribute: the target attribute that holds it, `members`.
        member: the source object that is the member.
        target_anchor: the target id that was sent for it.
    """

    attribute: str
    member: Anchor
    target_anchor: str


class Intent(Struct, frozen=True, kw_only=True):
    """A create that may have reached the target; committed before its POST is sent."""

    source_anchor: Anchor
    matching_attribute: str
    matching_value: str
    external_id: str | None
    opened_at: datetime


REFERENCE = "reference"
"""The operation of an object that was carried over, but for what it points to."""


class Escrow(Struct, frozen=True, kw_only=True):
    """An object that failed, kept for another try.

    Attributes:
        operation: what failed: match, create, update, enable, disable, delete or reference.
        attempts: how often it was tried since `first_failed_at`.
        next_due_at: when the next cycle tries again; sooner if the source object changes.
    """

    source_anchor: Anchor
    operation: str
    error_code: str
    message: str
    first_failed_at: datetime
    attempts: int
    next_due_at: datetime


class SourceRecord(Struct, frozen=True, kw_only=True):
    """A directory object as last read.

    `pending` says that a change of it has not been carried to the target yet; it
    survives a killed process. `entitled` is the last verdict on its entitlement.
    """

    entry: Entry
    entitled: bool = False
    pending: bool = False

    @property
    def effective(self) -> bool:
        """Whether this object should have access: entitled, existing and enabled."""
        return self.entitled and self.entry.presence is Presence.PRESENT and self.entry.enabled


class ConnectorSpace(Struct, frozen=True, kw_only=True):
    """Everything a job remembers, as one cycle finds it."""

    sources: tuple[SourceRecord, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    connections: tuple[ObjectConnection, ...] = ()
    intents: tuple[Intent, ...] = ()
    escrows: tuple[Escrow, ...] = ()
