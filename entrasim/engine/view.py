"""All that a decision looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from entrasim.engine.compiled import CompiledMapping
from entrasim.engine.sifting import Refusal
from entrasim.engine.space import Space
from entrasim.model.connection import ObjectConnection, SourceRecord
from entrasim.model.decision import Status, Step, Subject, Verdict
from entrasim.model.entry import Anchor
from entrasim.model.job import Job
from entrasim.ports import Target, TargetResource


@dataclass(frozen=True, slots=True)
class View:
    """All that a decision looks at besides its object.

    `entitled_by` says why each entitled object is, `refusals` why the filter holds assigned
    ones back; `held_back` are the leavers whom the
    deletion guard holds back; `linked_anew` are the objects that got their target object
    in this cycle, `created` those of them that were made for it.
    """

    job: Job
    compiled: CompiledMapping
    space: Space
    target: Target
    entitled_by: Mapping[Anchor, str]
    refusals: Mapping[Anchor, Refusal]
    held_back: set[Anchor]
    linked_anew: set[Anchor]
    created: set[Anchor]

    async def held(self, connection: ObjectConnection | None) -> TargetResource | None:
        """The target object under a link's id, if there is a link and the target knows the id."""
        if connection is None:
            return None
        return await self.target.read(
            connection.source_anchor.object_type, connection.target_anchor
        )


def subject_of(record: SourceRecord) -> Subject:
    """Whom a decision about a record is about."""
    return Subject(anchor=record.entry.anchor, display_name=record.entry.display_name)


def imported(record: SourceRecord) -> Verdict:
    """The verdict of importing."""
    return Verdict(
        step=Step.IMPORT,
        status=Status.SUCCESS,
        description=f"Read {record.entry.anchor.object_type.value} {record.entry.display_name}",
        details={"id": record.entry.anchor.id, "presence": record.entry.presence.value},
    )
