"""The first state database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "assignments",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("principal_id", sa.String(), nullable=False),
        sa.Column("app_role_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "id"),
    )
    op.create_table(
        "connections",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("object_type", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("target_anchor", sa.String(), nullable=False),
        sa.Column("target_url", sa.String(), nullable=False),
        sa.Column("matching_attribute", sa.String(), nullable=False),
        sa.Column("matching_value", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("managed", sa.Boolean(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("references", sa.Text(), nullable=False),
        sa.Column("staged", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("job_id", "object_type", "source_id"),
        sa.UniqueConstraint("job_id", "object_type", "target_anchor", name="one_link_per_target"),
    )
    op.create_table(
        "cycles",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("schema_fingerprint", sa.String(), nullable=False),
        sa.Column("force_deletes", sa.Boolean(), nullable=False),
        sa.Column("overtaken", sa.Boolean(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("execution", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.create_index("cycles_of_a_job", ["job_id", "began_at"], unique=False)

    op.create_table(
        "escrows",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("object_type", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("error_code", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("first_failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "object_type", "source_id"),
    )
    op.create_table(
        "intents",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("object_type", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("matching_attribute", sa.String(), nullable=False),
        sa.Column("matching_value", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "object_type", "source_id"),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("watermark", sa.Text(), nullable=True),
        sa.Column("scope", sa.String(), nullable=True),
        sa.Column("schema_fingerprint", sa.String(), nullable=True),
        sa.Column("source_size", sa.Text(), nullable=True),
        sa.Column("force_deletes", sa.Boolean(), nullable=False),
        sa.Column("quarantine", sa.Text(), nullable=True),
        sa.Column("cycle_wanted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("running_cycle_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "provisioning_log",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("cycle_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("folded_source_id", sa.String(), nullable=False),
        sa.Column("folded_source_name", sa.String(), nullable=False),
        sa.Column("folded_target_id", sa.String(), nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id", name="one_record_per_id"),
    )
    with op.batch_alter_table("provisioning_log", schema=None) as batch_op:
        batch_op.create_index("log_of_a_cycle", ["cycle_id", "number"], unique=False)
        batch_op.create_index("log_of_a_job", ["job_id", "number"], unique=False)
        batch_op.create_index("log_of_a_source_id", ["folded_source_id"], unique=False)
        batch_op.create_index("log_of_a_source_name", ["folded_source_name"], unique=False)
        batch_op.create_index("log_of_a_status", ["status", "action", "number"], unique=False)
        batch_op.create_index("log_of_a_target_id", ["folded_target_id"], unique=False)

    op.create_table(
        "source_records",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("object_type", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("entitled", sa.Boolean(), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "object_type", "source_id"),
    )


def downgrade() -> None:
    op.drop_table("source_records")
    with op.batch_alter_table("provisioning_log", schema=None) as batch_op:
        batch_op.drop_index("log_of_a_target_id")
        batch_op.drop_index("log_of_a_status")
        batch_op.drop_index("log_of_a_source_name")
        batch_op.drop_index("log_of_a_source_id")
        batch_op.drop_index("log_of_a_job")
        batch_op.drop_index("log_of_a_cycle")

    op.drop_table("provisioning_log")
    op.drop_table("jobs")
    op.drop_table("intents")
    op.drop_table("escrows")
    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.drop_index("cycles_of_a_job")

    op.drop_table("cycles")
    op.drop_table("connections")
    op.drop_table("assignments")
