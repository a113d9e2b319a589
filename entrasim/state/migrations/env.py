"""Alembic's way in: the connection is handed over, no file configures anything."""

from __future__ import annotations

from alembic import context

from entrasim.state.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
