"""How a job does: its cycles that failed one after the other, and quarantines in Graph's terms."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

Quarantine = dict[str, Any]

_JOBS = sa.table("jobs", sa.column("id", sa.String()), sa.column("quarantine", sa.Text()))


def upgrade() -> None:
    op.add_column(
        "jobs", sa.Column("successive_failures", sa.Integer(), nullable=False, server_default="0")
    )
    _rewrite(_in_full)


def downgrade() -> None:
    _rewrite(_in_short)
    op.drop_column("jobs", "successive_failures")


def _rewrite(form: Callable[[Quarantine], Quarantine]) -> None:
    """Write each job's quarantine in another form."""
    connection = op.get_bind()
    held = sa.select(_JOBS.c.id, _JOBS.c.quarantine).where(_JOBS.c.quarantine.is_not(None))
    for job_id, text in connection.execute(held).all():
        written = json.dumps(form(json.loads(text)))
        statement = sa.update(_JOBS).where(_JOBS.c.id == job_id).values(quarantine=written)
        connection.execute(statement)


def _in_full(short: Quarantine) -> Quarantine:
    """The quarantine of before, due at once; nobody was told of it yet."""
    began_at = short["began_at"]
    return {
        "reason": short["reason"],
        "code": short["reason"],
        "message": short["message"],
        "series_began_at": began_at,
        "series_count": 0,
        "began_at": began_at,
        "cycle_id": "",
        "next_attempt_at": began_at,
        "announced": None,
    }


def _in_short(full: Quarantine) -> Quarantine:
    return {name: full[name] for name in ("reason", "began_at", "message")}
