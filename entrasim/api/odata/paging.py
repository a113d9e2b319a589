"""A page of rows, and the token by which the next one is asked for."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request

from entrasim.api.graph_error import GraphError
from entrasim.api.odata.entity_type import EntityType, Row
from entrasim.api.odata.options import Options

_USUAL = 100


class _Token(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended: behind how many rows, and behind which."""

    behind: int
    last: str


def page_of(
    rows: Sequence[Row], options: Options, kind: EntityType
) -> tuple[Sequence[Row], str | None]:
    """A page, and the token of the next one if there is one.

    Rows that come or go in the meantime are no reason to show one twice or to leave one out.

    Raises:
        GraphError: the request bears a token that is none.
    """
    size = min(options.top or options.page_size or _USUAL, options.page_size or kind.largest)
    size = min(size, kind.largest)
    begin = options.skip if options.skip_token is None else _behind(rows, options.skip_token)
    found = rows[begin : begin + size]
    if begin + size >= len(rows):
        return found, None
    token = _Token(begin + size, str(found[-1].get("id", "")))
    return found, urlsafe_b64encode(msgspec.json.encode(token)).decode().rstrip("=")


def next_link(request: Request, token: str) -> str:
    """The request again, for the next page."""
    asked = request.query_params.multi_items()
    kept = [(n, v) for n, v in asked if n.lower().lstrip("$") not in {"skiptoken", "skip"}]
    query = urlencode([*kept, ("$skiptoken", token)], safe="$,()':/")
    return f"{request.url.replace(query='')}?{query}"


def _behind(rows: Sequence[Row], text: str) -> int:
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        token = msgspec.json.decode(urlsafe_b64decode(padded), type=_Token)
    except (ValueError, msgspec.DecodeError):
        raise _expired() from None
    if token.behind < 1:
        raise _expired()
    if token.behind <= len(rows) and rows[token.behind - 1].get("id", "") == token.last:
        return token.behind
    places = (index for index, row in enumerate(rows) if row.get("id") == token.last)
    return next(places, token.behind - 1) + 1 if token.last else token.behind


def _expired() -> GraphError:
    told = "The specified page token value has expired and can no longer be included in your "
    return GraphError(400, "Directory_ExpiredPageToken", f"{told}request.")
