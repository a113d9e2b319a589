"""What was deleted and can be restored.

Source: learn.microsoft.com/graph/api/directory-deleteditems-list
"""

from __future__ import annotations

from msgspec.structs import replace

from entrasim.directory.graph.client import PAGE_SIZE, GraphClient
from entrasim.directory.graph.deltas import changes_of
from entrasim.directory.graph.selecting import plain
from entrasim.directory.graph.watermark import Asked
from entrasim.model.entry import Anchor, EntryChange, ObjectType, Presence

_MARKED = frozenset({"userPrincipalName", "originalUserPrincipalName"})


async def deleted(
    client: GraphClient, object_type: ObjectType, asked: Asked
) -> dict[Anchor, EntryChange]:
    """The objects in the recycle bin, with the moment of their deletion.

    What the bin doesn't hold of them, such as who was their manager, it says nothing about.

    Raises:
        SourceError: Graph can't be read.
    """
    select = f"{plain(asked.select(object_type))},deletedDateTime"
    url = client.url(
        f"/directory/deletedItems/microsoft.graph.{object_type.value.lower()}",
        select=select,
        top=str(PAGE_SIZE),
    )
    found: dict[Anchor, EntryChange] = {}
    async for page in client.pages(url):
        for change in changes_of(page, object_type):
            found[change.anchor] = _as_it_was(change)
    return found


def _as_it_was(change: EntryChange) -> EntryChange:
    """In the bin a user principal name has the user's id before it, so that it can be reused."""
    held = {name: value for name, value in change.properties.items() if value is not None}
    mark = change.anchor.id.replace("-", "")
    for name in _MARKED & held.keys():
        held[name] = str(held[name]).removeprefix(mark)
    return replace(change, properties=held, references={}, presence=Presence.SOFT_DELETED)
