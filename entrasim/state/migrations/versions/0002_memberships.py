"""The members that groups in the target were told to have."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "memberships",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("object_type", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("attribute", sa.String(), nullable=False),
        sa.Column("member_type", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("target_anchor", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(
            "job_id", "object_type", "source_id", "attribute", "member_type", "member_id"
        ),
    )


def downgrade() -> None:
    op.drop_table("memberships")
