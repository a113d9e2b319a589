"""Drift: where the target holds something else than the job believes."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from entrasim.model.decision import AttributeChange, Subject, Verdict
from entrasim.model.entry import Anchor, ObjectType


class DriftKind(StrEnum):
    """In what way a target object isn't what it was made."""

    CHANGED = "changed"  # attributes, and perhaps members too
    MEMBERS = "members"  # nothing but the members of a group
    DEACTIVATED = "deactivated"  # somebody who should have access has none
    REACTIVATED = "reactivated"  # somebody who left has access again
    MISSING = "missing"  # the target doesn't know the id any more
    REPLACED = "replaced"  # another object has the matching value instead


class Drift(Struct, frozen=True, kw_only=True):
    """One target object that isn't what the job believes.

    Attributes:
        anchor: the source object that it is linked to.
        target_id: the target object that the link names.
        changes: what brings it back, from what it holds; of members, from who is to leave to
            who is to join, by their target ids.
        verdicts: how it was found.
    """

    anchor: Anchor
    display_name: str
    target_id: str
    kind: DriftKind
    reason: str
    changes: tuple[AttributeChange, ...] = ()
    verdicts: tuple[Verdict, ...] = ()


class Uncompared(Struct, frozen=True, kw_only=True):
    """A source object that isn't compared, and why; `code` is an error's."""

    anchor: Anchor
    display_name: str
    reason: str
    code: str = ""


class Unknown(Struct, frozen=True, kw_only=True):
    """A target object that no link names.

    `duplicates` is whose matching value it has besides their own object.
    """

    object_type: ObjectType
    target_id: str
    display_name: str
    duplicates: Subject | None = None


class DriftReport(Struct, frozen=True, kw_only=True):
    """What a comparison of the target with the job's memory gave.

    Attributes:
        checked: how many linked objects were compared.
        pending: whose turn comes in the next cycle anyway, so that a difference is none.
        unmanaged: whose link the job keeps without touching the target object.
        errors: who could not be compared.
        unknown: what no link names; None if nobody asked.
        names: what people call the source objects, by their target ids.
        running: whether a cycle was running, which may have caused differences.
    """

    checked: int
    drifted: tuple[Drift, ...]
    pending: tuple[Uncompared, ...]
    unmanaged: tuple[Uncompared, ...]
    errors: tuple[Uncompared, ...]
    unknown: tuple[Unknown, ...] | None
    names: dict[str, str]
    running: bool


class Healing(Struct, frozen=True, kw_only=True):
    """What became of drift that was to be healed.

    Attributes:
        report: what was found.
        healed: how many of the drifted objects are what they should be.
        failed: who is escrowed now.
        held_back: the disables that the deletion guard holds back.
    """

    report: DriftReport
    healed: int
    failed: tuple[Uncompared, ...]
    held_back: int
