"""The tables of the state database: what is queried has a column, the rest is JSON."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, MetaData, Table, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from entrasim.state.moments import UtcDateTime

METADATA = MetaData()
"""The tables of the state alone; other databases of the program have their own."""


class StateTable(SQLModel):
    """What all tables of the state share."""

    metadata = METADATA


class JobRow(StateTable, table=True):
    """How a job stands."""

    __tablename__ = "jobs"

    id: str = Field(primary_key=True)
    schedule: str
    watermark: str | None = Field(default=None, sa_type=Text)
    scope: str | None = None
    schema_fingerprint: str | None = None
    source_size: str | None = Field(default=None, sa_type=Text)
    force_deletes: bool = False
    quarantine: str | None = Field(default=None, sa_type=Text)
    successive_failures: int = 0
    cycle_wanted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    running_cycle_id: str | None = None
    read_to: str | None = Field(default=None, sa_type=Text)


class DefinitionRow(StateTable, table=True):
    """A job that was made through the API; one that was removed stays, for the log."""

    __tablename__ = "job_definitions"
    __table_args__ = (UniqueConstraint("graph_id", name="one_job_per_graph_id"),)

    id: str = Field(primary_key=True)
    graph_id: str
    service_principal_id: str
    application: str = Field(sa_type=Text)
    template_id: str
    schema_text: str = Field(sa_type=Text)
    interval_seconds: int
    created_at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SourceRow(StateTable, table=True):
    """A directory object as last read."""

    __tablename__ = "source_records"

    job_id: str = Field(primary_key=True)
    object_type: str = Field(primary_key=True)
    source_id: str = Field(primary_key=True)
    entry: str = Field(sa_type=Text)
    entitled: bool
    pending: bool


class AssignmentRow(StateTable, table=True):
    """An assignment as last read."""

    __tablename__ = "assignments"

    job_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    principal_id: str
    app_role_id: str


class ConnectionRow(StateTable, table=True):
    """A link between a source object and a target object."""

    __tablename__ = "connections"
    __table_args__ = (
        UniqueConstraint("job_id", "object_type", "target_anchor", name="one_link_per_target"),
    )

    job_id: str = Field(primary_key=True)
    object_type: str = Field(primary_key=True)
    source_id: str = Field(primary_key=True)
    target_anchor: str
    target_url: str
    matching_attribute: str
    matching_value: str
    external_id: str | None = None
    managed: bool
    disabled: bool
    references: str = Field(sa_type=Text)
    staged: str | None = None


class MembershipRow(StateTable, table=True):
    """A member that a group in the target was told to have."""

    __tablename__ = "memberships"

    job_id: str = Field(primary_key=True)
    object_type: str = Field(primary_key=True)
    source_id: str = Field(primary_key=True)
    attribute: str = Field(primary_key=True)
    member_type: str = Field(primary_key=True)
    member_id: str = Field(primary_key=True)
    target_anchor: str


class IntentRow(StateTable, table=True):
    """A create that may have reached the target."""

    __tablename__ = "intents"

    job_id: str = Field(primary_key=True)
    object_type: str = Field(primary_key=True)
    source_id: str = Field(primary_key=True)
    matching_attribute: str
    matching_value: str
    external_id: str | None = None
    opened_at: datetime = Field(sa_type=UtcDateTime)


class EscrowRow(StateTable, table=True):
    """An object that failed."""

    __tablename__ = "escrows"

    job_id: str = Field(primary_key=True)
    object_type: str = Field(primary_key=True)
    source_id: str = Field(primary_key=True)
    operation: str
    error_code: str
    message: str = Field(sa_type=Text)
    first_failed_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int
    next_due_at: datetime = Field(sa_type=UtcDateTime)


class CycleRow(StateTable, table=True):
    """A cycle, with the job's terms as they were when it began.

    `execution` is there once it ended. `force_deletes` is the allowance it began with,
    `overtaken` whether a restart made it pointless to move the watermark.
    """

    __tablename__ = "cycles"
    __table_args__ = (Index("cycles_of_a_job", "job_id", "began_at"),)

    id: str = Field(primary_key=True)
    job_id: str
    kind: str
    scope: str
    schema_fingerprint: str
    force_deletes: bool
    overtaken: bool
    began_at: datetime = Field(sa_type=UtcDateTime)
    state: str
    execution: str | None = Field(default=None, sa_type=Text)


class LogRow(StateTable, table=True):
    """A record of the provisioning log; `number` is its place in it.

    The folded columns are for looking up in any case of letters; SQLite's own `lower`
    knows ASCII only.
    """

    __tablename__ = "provisioning_log"
    __table_args__ = (
        UniqueConstraint("id", name="one_record_per_id"),
        Index("log_of_a_job", "job_id", "number"),
        Index("log_of_a_cycle", "cycle_id", "number"),
        Index("log_of_a_status", "status", "action", "number"),
        Index("log_of_a_source_id", "folded_source_id"),
        Index("log_of_a_source_name", "folded_source_name"),
        Index("log_of_a_target_id", "folded_target_id"),
        Index("log_by_time", "activity_at", "number"),
        Index("log_of_a_job_by_time", "job_id", "activity_at", "number"),
    )

    number: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger().with_variant(Integer, "sqlite")
    )
    id: str
    job_id: str
    cycle_id: str
    action: str
    status: str
    folded_source_id: str
    folded_source_name: str
    folded_target_id: str | None = None
    activity_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    record: str = Field(sa_type=Text)


def table_of(model: type[StateTable]) -> Table:
    """A model's table, for statements on many rows."""
    return METADATA.tables[str(model.__tablename__)]
