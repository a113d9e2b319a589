"""GET /users/delta and /groups/delta, in every spelling that clients use.

Source: learn.microsoft.com/graph/api/user-delta, …/group-delta
"""

from __future__ import annotations

import msgspec
from msgspec import structs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from entrasim.api.delta import asking, tokens
from entrasim.api.delta.asking import Asked
from entrasim.api.delta.history import ChangeHistory
from entrasim.api.delta.remembering import Period
from entrasim.api.delta.telling import Page, Round
from entrasim.api.delta.terms import context_of, query_of
from entrasim.api.delta.tokens import DeltaToken, SkipToken
from entrasim.api.delta.tracking import REFERENCE, Collection
from entrasim.ports import Clock

_SPELLINGS = ("delta", "delta()", "microsoft.graph.delta", "microsoft.graph.delta()")


def routes(history: ChangeHistory, clock: Clock) -> list[BaseRoute]:
    """The routes of both collections; they belong before those with an id in their place."""
    return [
        Route(f"/{collection}/{spelling}{end}", _Delta(history, clock, collection).answer)
        for collection in REFERENCE
        for spelling in _SPELLINGS
        for end in ("", "/")
    ]


class _Delta:
    """Answers the delta requests of one collection."""

    def __init__(self, history: ChangeHistory, clock: Clock, collection: Collection) -> None:
        self._history, self._clock, self._collection = history, clock, collection

    async def answer(self, request: Request) -> Response:
        """One page, with a link to the next one or, on the last, to what will have changed.

        Raises:
            GraphError: the request or its token is malformed, or the token's time is over.
        """
        asked, address = asking.read(request, self._collection), _address(request)
        if asked.skip_token is None:
            token = await self._begun(asked, address)
        else:
            token = await self._continued(asked, asked.skip_token, address)
        last = token.last
        of = Round(
            collection=self._collection,
            period=Period(last.history, token.since, last.version),
            tracking=last.tracking,
            size=token.size,
            minimal=token.minimal,
        )
        page = Page([], None) if asked.latest else await self._history.page(of, token.place)
        return self._response(page, token, address)

    async def _begun(self, asked: Asked, address: str) -> SkipToken:
        """Begin a round: from nothing, or from where the last one ended."""
        known = None
        if asked.delta_token is not None:
            known = tokens.read(asked.delta_token, DeltaToken, self._collection)
        edition, now = await self._history.look(), self._clock.now()
        since, tracking = 0, asked.tracking
        if known is not None:
            anew = self._start_over(known, address)
            tokens.check(known, known.version, edition, now, anew)
            since, tracking = known.version, known.tracking
            if asked.select is not None:
                tracking = structs.replace(asked.select, chosen=tracking.chosen)
        last = DeltaToken(
            self._collection, edition.history, edition.generation, edition.version, now, tracking
        )
        return SkipToken(last, since, None, asked.size or asking.USUAL, asked.minimal)

    async def _continued(self, asked: Asked, text: str, address: str) -> SkipToken:
        """Go on with a round, however the tenant looks by now."""
        token = tokens.read(text, SkipToken, self._collection)
        edition, anew = await self._history.edition(), self._start_over(token.last, address)
        tokens.check(token.last, token.since, edition, self._clock.now(), anew)
        size, minimal = asked.size or token.size, asked.minimal or token.minimal
        return structs.replace(token, size=size, minimal=minimal)

    def _start_over(self, known: DeltaToken, address: str) -> str:
        return f"{address}?{query_of(known.tracking, self._collection)}$deltatoken="

    def _response(self, page: Page, token: SkipToken, address: str) -> Response:
        root, _, _ = address.rpartition(f"/{self._collection}/")
        context = context_of(token.last.tracking, self._collection)
        if page.place is None:
            name, option, following = "delta", "delta", tokens.text_of(token.last)
        else:
            onward = structs.replace(token, place=page.place)
            name, option, following = "next", "skip", tokens.text_of(onward)
        body = {
            "@odata.context": f"{root}/$metadata#{context}",
            f"@odata.{name}Link": f"{address}?${option}token={following}",
            "value": page.items,
        }
        return Response(msgspec.json.encode(body), media_type="application/json")


def _address(request: Request) -> str:
    """The address of the delta function, in its short spelling."""
    url = request.url
    before, _, _ = url.path.rstrip("/").rpartition("/")
    return f"{url.scheme}://{url.netloc}{before}/delta"
