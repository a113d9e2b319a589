"""Intents and outcomes on their way into the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection

from entrasim.model.connection import Intent
from entrasim.model.cycle import Cycle, Outcome
from entrasim.state import rows
from entrasim.state.recording import record_of
from entrasim.state.rows import Key, Row
from entrasim.state.tables import ConnectionRow, EscrowRow, IntentRow, SourceRow, StateTable
from entrasim.state.writing import append_to_log, remove, upsert


class Batch:
    """What is written together; of one object, the last word counts.

    All rows that the batch speaks of are removed before any is written, so that links
    may pass target objects on to each other, whatever their order.
    """

    def __init__(self) -> None:
        self._rows: dict[type[StateTable], dict[Key, Row | None]] = defaultdict(dict)
        self._sources: dict[Key, Row] = {}
        self._log: list[Row] = []

    def add_intents(self, cycle: Cycle, intents: Sequence[Intent]) -> None:
        """Take what is about to be created."""
        for intent in intents:
            key = rows.key_of(cycle.job_id, intent.source_anchor)
            self._rows[IntentRow][key] = rows.intent_row(cycle.job_id, intent)

    def add_outcome(self, cycle: Cycle, outcome: Outcome) -> None:
        """Take what became of an object, and its record in the log."""
        job_id, key = cycle.job_id, rows.key_of(cycle.job_id, outcome.anchor)
        link, escrow, source = outcome.connection, outcome.escrow, outcome.source
        if outcome.displaced is not None:
            self._rows[ConnectionRow][rows.key_of(job_id, outcome.displaced)] = None
        self._rows[ConnectionRow][key] = rows.connection_row(job_id, link) if link else None
        self._rows[EscrowRow][key] = rows.escrow_row(job_id, escrow) if escrow else None
        if source is not None:
            self._sources[rows.key_of(job_id, source.entry.anchor)] = rows.source_row(
                job_id, source
            )
        if outcome.intent_settled:
            self._rows[IntentRow][key] = None
        if outcome.logged:
            self._log.append(rows.log_row(record_of(cycle, outcome)))

    def write(self, connection: Connection) -> None:
        """Write everything, and be empty again."""
        for model, kept in self._rows.items():
            remove(connection, model, kept)
            upsert(connection, model, [row for row in kept.values() if row is not None])
        upsert(connection, SourceRow, self._sources.values())
        append_to_log(connection, self._log)
        self._rows.clear()
        self._sources.clear()
        self._log = []
