"""From nouns to rows and back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Row as FoundRow

from entrasim.model.connection import (
    Escrow,
    Intent,
    Leave,
    Membership,
    ObjectConnection,
    SourceRecord,
)
from entrasim.model.definition import JobDefinition
from entrasim.model.entry import Anchor, Assignment, Entry, ObjectType
from entrasim.model.job import JobState, Quarantine, ScheduleState, Scope, SourceSize
from entrasim.model.log import ProvisioningRecord

Row = dict[str, Any]
"""Column names and values, as they are written."""

Found = FoundRow[*tuple[Any, ...]]
"""A row of a table, as it is read."""

Key = tuple[str, str, str]
"""What identifies an object's row in most tables: job id, object type, source id."""

MembershipKey = tuple[str, str, str, str, str, str]
"""A group's key, the attribute, and the member's object type and source id."""

_ENTRY = msgspec.json.Decoder(Entry)
_REFERENCES = msgspec.json.Decoder(dict[str, tuple[str, ...]])
_RECORD = msgspec.json.Decoder(ProvisioningRecord)


def encoded(value: object) -> str | None:
    """A noun as JSON text; None stays None."""
    return None if value is None else msgspec.json.encode(value).decode()


def key_of(job_id: str, anchor: Anchor) -> Key:
    """The key of an object's rows."""
    return job_id, anchor.object_type.value, anchor.id


def named(key: Key) -> Row:
    """A key's columns."""
    return dict(zip(("job_id", "object_type", "source_id"), key, strict=True))


def source_row(job_id: str, record: SourceRecord) -> Row:
    """The row of a source record."""
    return {
        **named(key_of(job_id, record.entry.anchor)),
        "entry": encoded(record.entry),
        "entitled": record.entitled,
        "pending": record.pending,
    }


def source_record(row: Found) -> SourceRecord:
    """The source record of a row."""
    return SourceRecord(entry=_ENTRY.decode(row.entry), entitled=row.entitled, pending=row.pending)


def assignment_row(job_id: str, assignment: Assignment) -> Row:
    """The row of an assignment."""
    return {
        "job_id": job_id,
        "id": assignment.id,
        "principal_id": assignment.principal_id,
        "app_role_id": assignment.app_role_id,
    }


def assignment(row: Found) -> Assignment:
    """The assignment of a row."""
    return Assignment(id=row.id, principal_id=row.principal_id, app_role_id=row.app_role_id)


def connection_row(job_id: str, connection: ObjectConnection) -> Row:
    """The row of a link."""
    return {
        **named(key_of(job_id, connection.source_anchor)),
        "target_anchor": connection.target_anchor,
        "target_url": connection.target_url,
        "matching_attribute": connection.matching_attribute,
        "matching_value": connection.matching_value,
        "external_id": connection.external_id,
        "managed": connection.managed,
        "disabled": connection.disabled,
        "references": encoded(connection.references),
        "staged": connection.staged.value if connection.staged else None,
    }


def connection(row: Found) -> ObjectConnection:
    """The link of a row."""
    return ObjectConnection(
        source_anchor=_anchor(row),
        target_anchor=row.target_anchor,
        target_url=row.target_url,
        matching_attribute=row.matching_attribute,
        matching_value=row.matching_value,
        external_id=row.external_id,
        managed=row.managed,
        disabled=row.disabled,
        references=_REFERENCES.decode(row.references),
        staged=Leave(row.staged) if row.staged else None,
    )


def membership_key(job_id: str, group: Anchor, membership: Membership) -> MembershipKey:
    """The key of a membership's row."""
    member = membership.member
    key = key_of(job_id, group)
    return *key, membership.attribute, member.object_type.value, member.id


def membership_row(key: MembershipKey, membership: Membership) -> Row:
    """The row of a membership."""
    return {
        **named((key[0], key[1], key[2])),
        "attribute": key[3],
        "member_type": key[4],
        "member_id": key[5],
        "target_anchor": membership.target_anchor,
    }


def membership(row: Found) -> Membership:
    """The membership of a row."""
    return Membership(
        attribute=row.attribute,
        member=Anchor(ObjectType(row.member_type), row.member_id),
        target_anchor=row.target_anchor,
    )


def intent_row(job_id: str, intent: Intent) -> Row:
    """The row of an intent."""
    return {
        **named(key_of(job_id, intent.source_anchor)),
        "matching_attribute": intent.matching_attribute,
        "matching_value": intent.matching_value,
        "external_id": intent.external_id,
        "opened_at": intent.opened_at,
    }


def intent(row: Found) -> Intent:
    """The intent of a row."""
    return Intent(
        source_anchor=_anchor(row),
        matching_attribute=row.matching_attribute,
        matching_value=row.matching_value,
        external_id=row.external_id,
        opened_at=row.opened_at,
    )


def escrow_row(job_id: str, escrow: Escrow) -> Row:
    """The row of an escrow."""
    return {
        **named(key_of(job_id, escrow.source_anchor)),
        "operation": escrow.operation,
        "error_code": escrow.error_code,
        "message": escrow.message,
        "first_failed_at": escrow.first_failed_at,
        "attempts": escrow.attempts,
        "next_due_at": escrow.next_due_at,
    }


def escrow(row: Found) -> Escrow:
    """The escrow of a row."""
    return Escrow(
        source_anchor=_anchor(row),
        operation=row.operation,
        error_code=row.error_code,
        message=row.message,
        first_failed_at=row.first_failed_at,
        attempts=row.attempts,
        next_due_at=row.next_due_at,
    )


def job_state(row: Found) -> JobState:
    """How a job stands, by its row."""
    size, quarantine = row.source_size, row.quarantine
    return JobState(
        schedule=ScheduleState(row.schedule),
        watermark=row.watermark,
        scope=Scope(row.scope) if row.scope else None,
        schema_fingerprint=row.schema_fingerprint,
        source_size=msgspec.json.decode(size, type=SourceSize) if size else None,
        force_deletes=row.force_deletes,
        quarantine=msgspec.json.decode(quarantine, type=Quarantine) if quarantine else None,
        successive_failures=row.successive_failures,
        cycle_wanted_at=row.cycle_wanted_at,
        last_started_at=row.last_started_at,
        running_cycle_id=row.running_cycle_id,
        read_to=row.read_to,
    )


def definition_row(definition: JobDefinition) -> Row:
    """The row of a job that was made through the API."""
    row = msgspec.structs.asdict(definition)
    interval: timedelta = row.pop("interval")
    return {**row, "interval_seconds": round(interval.total_seconds())}


def definition(row: Found) -> JobDefinition:
    """The job of a row."""
    columns = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    interval = timedelta(seconds=columns.pop("interval_seconds"))
    return JobDefinition(**columns, interval=interval)


def log_row(record: ProvisioningRecord) -> Row:
    """The row of a log record."""
    return {
        "id": record.id,
        "job_id": record.job_id,
        "cycle_id": record.cycle_id,
        "action": record.action,
        "status": record.status.value,
        "folded_source_id": record.source_id.casefold(),
        "folded_source_name": record.source_name.casefold(),
        "folded_target_id": record.target_id.casefold() if record.target_id else None,
        "activity_at": record.activity_at,
        "record": encoded(record),
    }


def log_record(row: Found) -> ProvisioningRecord:
    """The log record of a row."""
    return _RECORD.decode(row.record)


def _anchor(row: Found) -> Anchor:
    return Anchor(ObjectType(row.object_type), row.source_id)
