"""Jobs that are made through the API, and the log by time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# As SQLAlchemy writes a moment into SQLite, which has no type for it.
_SQLITE = """
    UPDATE provisioning_log SET activity_at = (
        SELECT substr(at || '.000000', 1, 26) FROM (
            SELECT replace(rtrim(json_extract(record, '$.activity_at'), 'Z'), 'T', ' ') AS at
        )
    )
"""
_POSTGRESQL = """
    UPDATE provisioning_log
    SET activity_at = CAST(CAST(record AS json) ->> 'activity_at' AS timestamptz)
"""


def upgrade() -> None:
    op.create_table(
        "job_definitions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("graph_id", sa.String(), nullable=False),
        sa.Column("service_principal_id", sa.String(), nullable=False),
        sa.Column("application", sa.Text(), nullable=False),
        sa.Column("template_id", sa.String(), nullable=False),
        sa.Column("schema_text", sa.Text(), nullable=False),
        sa.Column("interval_seconds", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("graph_id", name="one_job_per_graph_id"),
    )
    op.add_column("jobs", sa.Column("read_to", sa.Text(), nullable=True))
    op.add_column(
        "provisioning_log", sa.Column("activity_at", sa.DateTime(timezone=True), nullable=True)
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(_SQLITE if sqlite else _POSTGRESQL)
    op.create_index("log_by_time", "provisioning_log", ["activity_at", "number"])
    op.create_index("log_of_a_job_by_time", "provisioning_log", ["job_id", "activity_at", "number"])


def downgrade() -> None:
    op.drop_index("log_of_a_job_by_time", "provisioning_log")
    op.drop_index("log_by_time", "provisioning_log")
    op.drop_column("provisioning_log", "activity_at")
    op.drop_column("jobs", "read_to")
    op.drop_table("job_definitions")
