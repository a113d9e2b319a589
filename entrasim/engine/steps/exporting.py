"""Exporting: carry a decision out."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from entrasim.model.connection import Intent, ObjectConnection
from entrasim.model.cycle import Cycle
from entrasim.model.decision import (
    Create,
    Decision,
    Delete,
    Disable,
    Enable,
    Skip,
    StagedDelete,
    Update,
)
from entrasim.ports import Journal, Target


async def export(
    decision: Decision, cycle: Cycle, target: Target, store: Journal, now: datetime
) -> ObjectConnection | None:
    """Send what a decision asks for; gives the link to remember.

    Before a create is sent, its intent is committed: a process that dies before it
    remembers the answer finds the new object by the intent's matching value.

    Raises:
        ObjectError: the target did not take it.
    """
    object_type = decision.subject.anchor.object_type
    match decision:
        case Create():
            await store.open_intents(cycle, [_intent(decision, now)])
            resource = await target.create(object_type, decision.changes)
            return decision.connection and replace(decision.connection, target_anchor=resource.id)
        case Update() | Enable() | Disable():
            await target.update(object_type, decision.target_id, decision.changes)
        case Delete():
            await target.delete(object_type, decision.target_id)
        case StagedDelete() | Skip():
            pass
        case _:
            assert_never(decision)
    return decision.connection


def link_ahead(decision: Decision, known: ObjectConnection | None) -> ObjectConnection | None:
    """The link to remember before a decision is sent; None if what is known says it already.

    The answer to what lets somebody in may get lost. Whoever loses their access before the next
    try must still be known as somebody to be disabled.
    """
    link = decision.connection
    if link is None or not isinstance(decision, Update | Enable):
        return None
    if known is None or known.target_anchor != link.target_anchor:
        return replace(link, references={})
    ahead = replace(known, managed=True, disabled=False)
    return None if ahead == known else ahead


def _intent(decision: Create, now: datetime) -> Intent:
    connection = decision.connection
    if connection is None:
        raise ValueError("a create without a link to remember")
    return Intent(
        source_anchor=connection.source_anchor,
        matching_attribute=connection.matching_attribute,
        matching_value=connection.matching_value,
        external_id=connection.external_id,
        opened_at=now,
    )
