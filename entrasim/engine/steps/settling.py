"""Settling: before anything is decided, find out whether what is remembered still holds.

An open intent is a create whose answer nobody remembers. A link that was made under
another tenant URL may name a stranger. Both are settled by reading the target, never by
writing to it.
"""

from __future__ import annotations

from msgspec.structs import replace

from entrasim.engine.space import Space
from entrasim.errors import DuplicateSourceError
from entrasim.model.connection import Intent, ObjectConnection
from entrasim.ports import TargetResource


def adopt(
    intent: Intent, found: TargetResource | None, space: Space, target_url: str
) -> ObjectConnection | None:
    """The link that an interrupted create left behind; None if it did not get through."""
    if found is None or not _is_free(intent, found, space):
        return None
    return ObjectConnection(
        source_anchor=intent.source_anchor,
        target_anchor=found.id,
        target_url=target_url,
        matching_attribute=intent.matching_attribute,
        matching_value=intent.matching_value,
        external_id=intent.external_id,
    )


def move(
    connection: ObjectConnection, found: TargetResource | None, space: Space, target_url: str
) -> ObjectConnection | None:
    """A link as it stands at a new tenant URL; None if nobody there is the one."""
    if found is None or not _is_free(connection, found, space):
        return None
    return replace(connection, target_anchor=found.id, target_url=target_url)


def _is_free(remembered: Intent | ObjectConnection, found: TargetResource, space: Space) -> bool:
    try:
        space.claim_target(remembered.source_anchor, found.id)
    except DuplicateSourceError:
        return False
    return True
