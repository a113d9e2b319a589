"""What the tests of a store have it remember."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from entrasim.model.connection import Escrow, Intent, Membership, ObjectConnection, SourceRecord
from entrasim.model.cycle import Counts, CycleState, Outcome, TaskExecution
from entrasim.model.decision import AttributeChange, Create, Subject
from entrasim.model.definition import JobDefinition
from entrasim.model.entry import Anchor, Entry, ObjectType
from entrasim.model.job import Job, SourceSize
from entrasim.model.schema import Schema
from entrasim.ports import Reached
from entrasim.scheduler.clocks import VirtualClock

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
CLOCK = VirtualClock(NOW)
SCHEMA = Schema(
    id="schema", version="1", rule_id="rule", mappings=(), target_objects={}, fingerprint="first"
)
JOB = Job(id="engagedly", graph_id="scim.x.y", schema=SCHEMA, target_url="http://127.0.0.1/scim")
REACHED = Reached("w1", SourceSize(users=3, groups=2, assignments=1))


def anchor(name):
    return Anchor(ObjectType.USER, name)


def source(name, **fields):
    properties = {"mail": name, "otherMails": ("a", "b"), "accountEnabled": True, "level": 7}
    references = {"manager": ("boss",)}
    entry = Entry(anchor=anchor(name), properties=properties, references=references, deleted_at=NOW)
    return SourceRecord(entry=entry, **fields)


def link(name, target_id, **fields):
    return ObjectConnection(
        source_anchor=anchor(name),
        target_anchor=target_id,
        target_url="http://127.0.0.1/scim",
        matching_attribute="userName",
        matching_value=name,
        references={"manager": ("boss",)},
        **fields,
    )


SALES = Anchor(ObjectType.GROUP, "Sales")


def membership(name, target_id):
    return Membership(attribute="members", member=anchor(name), target_anchor=target_id)


def intent(name):
    return Intent(
        source_anchor=anchor(name),
        matching_attribute="userName",
        matching_value=name,
        external_id="external",
        opened_at=NOW,
    )


def escrow(name):
    return Escrow(
        source_anchor=anchor(name),
        operation="create",
        error_code="EntryConflict",
        message="taken",
        first_failed_at=NOW,
        attempts=1,
        next_due_at=NOW + timedelta(hours=6),
    )


def outcome(name, **fields):
    subject = Subject(anchor=anchor(name), display_name=f"{name}@contoso.com")
    change = AttributeChange(attribute="userName", before=None, after=name)
    known = {
        "anchor": subject.anchor,
        "display_name": subject.display_name,
        "decision": Create(subject=subject, reason="new", changes=(change,)),
        "began_at": NOW,
        "ended_at": NOW + timedelta(seconds=1),
    }
    return Outcome(**{**known, **fields})


def ended(cycle, state=CycleState.SUCCEEDED, **fields):
    return TaskExecution(cycle=cycle, state=state, counts=Counts(created=2), ended_at=NOW, **fields)


def made(name, **fields):
    known = {
        "id": name,
        "graph_id": f"scim.contoso.{name}",
        "service_principal_id": "5f0ad8e2-0d0c-4b8a-9f0c-1f0e6a4f6a11",
        "application": "Slack",
        "template_id": "customappsso",
        "schema_text": '{"synchronizationRules": []}',
        "interval": timedelta(minutes=40),
        "created_at": NOW,
    }
    return JobDefinition(**{**known, **fields})
