"""A cycle and its outcomes, for the tests of the state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from entrasim.model.connection import ObjectConnection
from entrasim.model.cycle import Cycle, CycleKind, Outcome
from entrasim.model.decision import Subject
from entrasim.model.entry import Anchor, ObjectType
from entrasim.scheduler.clocks import VirtualClock

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
CLOCK = VirtualClock(NOW)
CYCLE = Cycle(id="cycle-1", job_id="engagedly", kind=CycleKind.INITIAL, began_at=NOW)
ADA = Subject(anchor=Anchor(ObjectType.USER, "ada"), display_name="ada@contoso.com")


def link(subject=ADA, target_id="t1"):
    return ObjectConnection(
        source_anchor=subject.anchor,
        target_anchor=target_id,
        target_url="http://127.0.0.1/scim",
        matching_attribute="userName",
        matching_value=subject.display_name,
    )


def outcome(decision=None, subject=ADA, **fields):
    return Outcome(
        anchor=subject.anchor,
        display_name=subject.display_name,
        decision=decision,
        began_at=NOW,
        ended_at=NOW + timedelta(milliseconds=250),
        **fields,
    )
