"""Answers to queries: a page of objects, one object, or how many there are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from entrasim.api.odata import options as options_
from entrasim.api.odata.entity_type import EntityType, Row
from entrasim.api.odata.filtering import compile_filter
from entrasim.api.odata.options import Expansion, Options
from entrasim.api.odata.ordering import ordered
from entrasim.api.odata.paging import next_link, page_of
from entrasim.api.odata.searching import compile_search


class GraphJson(Response):
    """JSON as Graph sends it."""

    media_type = (
        "application/json;odata.metadata=minimal;odata.streaming=true;"
        "IEEE754Compatible=false;charset=utf-8"
    )

    def render(self, content: object) -> bytes:
        """Write what msgspec can."""
        return msgspec.json.encode(content)


async def page(
    request: Request, rows: Sequence[Row], kind: EntityType, *, context: str
) -> GraphJson:
    """A page of the objects that a request asks for.

    Args:
        request: its query options and headers say which, in which order, and how much of each.
        rows: all of them, as plain objects with an `id`; a sequence that is cut without a copy
            of the whole makes a page quick.
        kind: what may be asked of them.
        context: what stands behind `$metadata#`, such as `users`.

    Raises:
        GraphError: an option can't be understood, or is none.
    """
    asked = options_.read(request, kind)
    chosen: Sequence[Row] = rows
    if asked.filter is not None or asked.search is not None or asked.orderby:
        chosen = await asyncio.to_thread(_chosen, rows, asked, kind)
    found, token = page_of(chosen, asked, kind)
    body: dict[str, object] = {"@odata.context": context_url(request, context, asked)}
    if asked.count:
        body["@odata.count"] = len(chosen)
    if token is not None:
        body["@odata.nextLink"] = next_link(request, token)
    body["value"] = [shown(row, asked, kind) for row in found]
    sized = asked.page_size is not None
    headers = {"Preference-Applied": f"odata.maxpagesize={asked.page_size}"} if sized else {}
    return GraphJson(body, headers=headers)


def entity(
    request: Request, row: Row, kind: EntityType, *, context: str, status: int = 200
) -> GraphJson:
    """One object, as far as the request asks for it.

    Raises:
        GraphError: an option can't be understood, or is none.
    """
    asked = options_.read(request, kind)
    told = context_url(request, context, asked)
    body = {"@odata.context": f"{told}/$entity", **shown(row, asked, kind)}
    return GraphJson(body, status)


async def count(request: Request, rows: Sequence[Row], kind: EntityType) -> PlainTextResponse:
    """How many objects a request means, as text.

    Raises:
        GraphError: an option can't be understood, or is none.
    """
    asked = options_.read(request, kind)
    return PlainTextResponse(str(len(await asyncio.to_thread(_chosen, rows, asked, kind))))


def shown(row: Row, asked: Options, kind: EntityType) -> dict[str, Any]:
    """What a request shows of an object."""
    true_kind = kind.of(row)
    chosen = dict.fromkeys(name.partition("/")[0] for name in asked.select)
    usual = row if true_kind.shown is None else true_kind.shown
    names = [name for name in chosen if true_kind.spelt(name)] if chosen else usual
    found = {n: v for n, v in row.items() if n.startswith("@")}
    for name in names:
        if name not in true_kind.expands:
            value = row.get(name)
            found[name] = true_kind.empty(name) if value is None else value
    for expansion in asked.expand:
        name = kind.spelt(expansion.name) or expansion.name
        value = kind.expands[name](row, expansion)
        if value is not None:
            found[name] = value
    return found


def expanded(row: Row, expansion: Expansion, kind: EntityType) -> dict[str, Any]:
    """An object at the other end of a navigation property, as far as it is asked for.

    Raises:
        GraphError: it names what this kind of object doesn't have.
    """
    select = tuple(options_.known_property(name, kind) for name in expansion.select)
    return shown(row, Options(select=select, expand=expansion.expand), kind)


def root_url(request: Request) -> str:
    """The URL of the API's version that a request came to."""
    url = request.url
    return f"{url.scheme}://{url.netloc}{request.scope.get('root_path', '')}"


def context_url(request: Request, context: str, asked: Options | None = None) -> str:
    """The `@odata.context` of an answer."""
    parts = [
        *(asked.select if asked else ()),
        *(f"{e.name}()" for e in (asked.expand if asked else ())),
    ]
    return f"{root_url(request)}/$metadata#{context}" + (f"({','.join(parts)})" if parts else "")


def _chosen(rows: Sequence[Row], asked: Options, kind: EntityType) -> Sequence[Row]:
    """The rows that are asked for, in order; a hundred thousand of them take a while."""
    found: Iterable[Row] = rows
    if asked.filter is not None:
        found = filter(compile_filter(asked.filter, kind), found)
    if asked.search is not None:
        found = filter(compile_search(asked.search, kind, eventual=asked.eventual), found)
    if asked.orderby:
        return ordered(found, asked.orderby, kind)
    return found if isinstance(found, Sequence) else list(found)
