"""Sift those who are assigned through their mapping's scoping filter."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from entrasim.engine.compiled import CompiledMapping
from entrasim.engine.filtering import Filter, Miss
from entrasim.errors import SourceObjectError
from entrasim.model.connection import SourceRecord
from entrasim.model.entry import Anchor, ObjectType, Presence

Refusal = tuple[Miss, ...] | SourceObjectError
"""Why the filter holds an object back, or why it can't be evaluated for it."""


@dataclass(frozen=True, slots=True)
class Sifted:
    """What became of those who are assigned.

    Attributes:
        entitled_by: why each entitled object is. One that can't be told about is in here
            if it was before.
        refusals: the others, and those that can't be told about.
    """

    entitled_by: Mapping[Anchor, str]
    refusals: dict[Anchor, Refusal] = field(default_factory=dict)

    @property
    def undecided(self) -> list[Anchor]:
        """The objects whose filter can't be evaluated."""
        return [a for a, why in self.refusals.items() if isinstance(why, SourceObjectError)]


def sift(
    records: Mapping[Anchor, SourceRecord],
    assigned: Mapping[Anchor, str],
    compiled: Mapping[ObjectType, CompiledMapping],
    again: Container[Anchor],
) -> Sifted:
    """Ask the filters about everybody assigned whose answer isn't known from before.

    Known is who was entitled, hasn't changed and need not be asked `again`, as those who
    failed must be; a changed filter makes every object pending. What doesn't exist any more
    leaves by that alone, and isn't asked about. A filter on groups says nothing about their
    members: each object is asked by its own kind
    (learn.microsoft.com/entra/identity/app-provisioning/
    define-conditional-rules-for-provisioning-user-accounts).
    """
    filters = {kind: m.asks for kind, m in compiled.items() if m.asks is not None}
    if not filters:
        return Sifted(assigned)
    sifted: dict[Anchor, str] = {}
    refusals: dict[Anchor, Refusal] = {}
    for anchor, by in assigned.items():
        ask, record = filters.get(anchor.object_type), records.get(anchor)
        if ask is None or record is None or record.entry.presence is not Presence.PRESENT:
            sifted[anchor] = by
            continue
        known = record.entitled and not record.pending and anchor not in again
        refusal = None if known else _refusal(ask, record)
        if refusal is not None:
            refusals[anchor] = refusal
        if not refusal or (isinstance(refusal, SourceObjectError) and record.entitled):
            sifted[anchor] = f"{by}, and passes the filter"
    return Sifted(sifted, refusals)


def _refusal(ask: Filter, record: SourceRecord) -> Refusal | None:
    try:
        return ask(record.entry) or None
    except SourceObjectError as error:
        text = f"the scoping filter can't be evaluated: {error}"
        return SourceObjectError(text, code="FilterNotEvaluated")
