"""Delta tokens whose time is over because a test says so."""

from __future__ import annotations

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from entrasim.api.delta import ChangeHistory
from entrasim.api.delta.tokens import Ended
from entrasim.api.graph_error import GraphError
from entrasim.api.sent import sent


class Expiry(Struct, frozen=True, forbid_unknown_fields=True):
    """How the tokens end: by age (a 400-class answer), or since all begins anew (410)."""

    how: Ended = "expired"


class Expiring:
    """Ends the delta tokens that were issued so far."""

    def __init__(self, history: ChangeHistory | None) -> None:
        self._history = history

    async def expire(self, request: Request) -> Response:
        """End them."""
        wanted = await sent(request, Expiry, if_empty=b"{}")
        if self._history is None:
            raise GraphError(409, "Conflict", "the daemon serves no tenant, and no delta queries")
        await self._history.expire(wanted.how)
        return Response(status_code=204)
