"""Intents and outcomes on their way into the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection

from entrasim.model.connection import Intent
from entrasim.model.cycle import Cycle, Outcome
from entrasim.model.entry import ObjectType
from entrasim.state import rows
from entrasim.state.recording import record_of
from entrasim.state.rows import Key, MembershipKey, Row
from entrasim.state.tables import (
    ConnectionRow,
    EscrowRow,
    IntentRow,
    MembershipRow,
    SourceRow,
    StateTable,
)
from entrasim.state.writing import append_to_log, empty_groups, remove, upsert


class Batch:
    """What is written together; of one object, the last word counts.

    All rows that the batch speaks of are removed before any is written, so that links
    may pass target objects on to each other, whatever their order.
    """

    def __init__(self) -> None:
        self._rows: dict[type[StateTable], dict[Key, Row | None]] = defaultdict(dict)
        self._sources: dict[Key, Row] = {}
        self._emptied: set[Key] = set()
        self._members: dict[MembershipKey, Row | None] = {}
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
        self._add_members(job_id, outcome)
        if outcome.logged:
            self._log.append(rows.log_row(record_of(cycle, outcome)))

    def _add_members(self, job_id: str, outcome: Outcome) -> None:
        """Take who joined a group and who left; one that is anew, or not linked, has nobody."""
        if outcome.anchor.object_type is not ObjectType.GROUP:
            return
        fresh = outcome.anew or outcome.connection is None
        for anchor in (outcome.displaced, outcome.anchor if fresh else None):
            if anchor is not None:
                group = rows.key_of(job_id, anchor)
                self._emptied.add(group)
                self._members = {k: row for k, row in self._members.items() if k[:3] != group}
        for membership in outcome.left:
            self._members[rows.membership_key(job_id, outcome.anchor, membership)] = None
        for membership in outcome.joined:
            key = rows.membership_key(job_id, outcome.anchor, membership)
            self._members[key] = rows.membership_row(key, membership)

    def write(self, connection: Connection) -> None:
        """Write everything, and be empty again."""
        for model, kept in self._rows.items():
            remove(connection, model, kept)
            upsert(connection, model, [row for row in kept.values() if row is not None])
        upsert(connection, SourceRow, self._sources.values())
        empty_groups(connection, self._emptied)
        remove(connection, MembershipRow, self._members)
        upsert(connection, MembershipRow, filter(None, self._members.values()))
        append_to_log(connection, self._log)
        self._rows.clear()
        self._sources.clear()
        self._emptied.clear()
        self._members.clear()
        self._log = []
