"""Settle open intents and unverified links, by reading the target."""

from __future__ import annotations

from collections.abc import Container, Iterable
from itertools import chain

from entrasim.engine.space import Space
from entrasim.engine.steps import matching, settling
from entrasim.engine.view import View
from entrasim.model.connection import Intent, ObjectConnection
from entrasim.model.entry import Anchor, ObjectType
from entrasim.model.job import Job


async def settle_intent(intent: Intent, view: View) -> ObjectConnection | None:
    """Look for what an interrupted create made, by the value it was to have.

    Raises:
        ObjectError: it can't be told; then nothing may be created for this object.
    """
    known = view.space.connection_of(intent.source_anchor)
    if known is not None:
        return known
    found = await matching.match_again(view.target, intent)
    return settling.adopt(intent, found, view.space, view.job.target_url)


async def verify(connection: ObjectConnection, view: View) -> ObjectConnection | None:
    """Find a linked object at the tenant URL of now: under its old id, or by matching anew.

    Raises:
        ObjectError: it can't be told; then the object must not be touched.
    """
    object_type = connection.source_anchor.object_type
    held = await view.target.read(object_type, connection.target_anchor)
    if held is None or not matching.carries(held, connection):
        held = await matching.match_again(view.target, connection)
    return settling.move(connection, held, view.space, view.job.target_url)


def unsettled(space: Space, kinds: Container[ObjectType], due: Container[Anchor]) -> list[Intent]:
    """The open intents to settle now; one that failed to be settled waits until it is due."""
    return [
        intent
        for anchor, intent in space.intents.items()
        if anchor.object_type in kinds and (anchor in due or anchor not in space.escrows)
    ]


def unverified(
    anchors: Iterable[Anchor], space: Space, kinds: Container[ObjectType], job: Job
) -> list[ObjectConnection]:
    """The links of these objects, and of those they refer to, made under another URL.

    What is not of these kinds has no mapping, and is not asked about.
    """
    wanted: dict[Anchor, None] = {}
    for anchor in anchors:
        wanted[anchor] = None
        referred = chain.from_iterable(space.sources[anchor].entry.references.values())
        wanted.update((space.anchor_of(source_id), None) for source_id in referred)
    links = (space.connection_of(anchor) for anchor in wanted if anchor.object_type in kinds)
    return [link for link in links if link and link.target_url != job.target_url]
