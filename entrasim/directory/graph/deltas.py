"""Users and groups by delta queries.

Source: learn.microsoft.com/graph/delta-query-overview, …/graph/api/user-delta and …/group-delta
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec

from entrasim.directory import graph_json
from entrasim.directory.graph.client import PAGE_SIZE, GraphClient
from entrasim.directory.graph.diagnosing import printable
from entrasim.directory.graph.pages import UNREADABLE, Page
from entrasim.directory.graph.selecting import plain
from entrasim.directory.graph.watermark import Asked
from entrasim.errors import SourceError
from entrasim.model.entry import EntryChange, ObjectType, ReferenceChange

COLLECTION = {ObjectType.USER: "users", ObjectType.GROUP: "groups"}
_SIZE = f"odata.maxpagesize={PAGE_SIZE}"
_read: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])


class DeltaRound:
    """One round of a delta query: what it tells, in order, and then the link to the next one.

    Attributes:
        delta_link: where the next round begins, once this one is through.
    """

    def __init__(
        self, client: GraphClient, object_type: ObjectType, asked: Asked, link: str | None = None
    ) -> None:
        self.delta_link = ""
        self._client, self._object_type = client, object_type
        first = client.url(
            f"/{COLLECTION[object_type]}/delta", select=",".join(asked.select(object_type))
        )
        self._link = link or first
        # With only what changed, a null is a property that was cleared.
        self._prefer = (_SIZE, "return=minimal") if link else (_SIZE,)

    async def changes(self) -> AsyncIterator[EntryChange]:
        """What the round tells; an object may come several times, on several pages.

        Raises:
            StateLostError: the link has expired, or Graph starts anew.
            SourceError: Graph can't be read.
        """
        async for page in self._client.pages(self._link, *self._prefer):
            for change in changes_of(page, self._object_type):
                yield change
            self.delta_link = page.delta_link or ""
        if not self.delta_link:
            kind = COLLECTION[self._object_type]
            raise SourceError(f"Graph's delta of {kind} ended without a link to the next round")
        self._client.check_ours(self.delta_link)


async def managers(client: GraphClient, asked: Asked) -> AsyncIterator[EntryChange]:
    """Who manages whom, for tenants whose delta doesn't tell: each user, with their manager."""
    select = plain(asked.users)
    url = client.url("/users", select=select, expand="manager($select=id)", top=str(PAGE_SIZE))
    async for page in client.pages(url):
        for change in changes_of(page, ObjectType.USER):
            told = change.references.get("manager", ReferenceChange(whole=True))
            yield msgspec.structs.replace(change, references={"manager": told})


def changes_of(page: Page, object_type: ObjectType) -> list[EntryChange]:
    """The objects of a page, read.

    Raises:
        SourceError: one is not as Graph would write it; the text says which.
    """
    return [change_of(item, object_type) for item in page.value]


def change_of(item: msgspec.Raw | bytes, object_type: ObjectType) -> EntryChange:
    """One object, read.

    Raises:
        SourceError: it is not as Graph would write it.
    """
    try:
        return graph_json.change(_read.decode(item), object_type)
    except (graph_json.MalformedError, *UNREADABLE) as error:
        shown = printable(bytes(item)[:80].decode(errors="replace"))
        raise SourceError(
            f"Graph gave a {object_type} that can't be read: {error}: {shown}"
        ) from None
