"""The pages in which Graph gives collections."""

from __future__ import annotations

from msgspec import DecodeError, Raw, Struct, json


class Page(
    Struct, frozen=True, rename={"next_link": "@odata.nextLink", "delta_link": "@odata.deltaLink"}
):
    """One page: its objects unread, and where the next or the next round's first one is.

    Source: learn.microsoft.com/graph/paging and …/graph/delta-query-overview
    """

    value: list[Raw]
    next_link: str | None = None
    delta_link: str | None = None


read_page = json.Decoder(Page).decode
"""Read a page of JSON; raises one of UNREADABLE if it is none."""

UNREADABLE = (DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises of bytes that are no JSON, no UTF-8, or brackets without end."""
