"""Every request has an id, and every answer tells it: Graph's request-id and client-request-id."""

from __future__ import annotations

from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send


def numbered(app: ASGIApp) -> ASGIApp:
    """An application whose requests have an id at `scope["state"]["request_id"]`.

    A request that has one already keeps it, and its answer is left to whoever gave it.
    """

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "request_id" in scope.get("state", {}):
            await app(scope, receive, send)
            return
        known = str(uuid4())
        scope.setdefault("state", {})["request_id"] = known
        asked = dict(scope["headers"]).get(b"client-request-id", known.encode())

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(b"request-id", known.encode()), (b"client-request-id", asked)]
                message["headers"] = [*message.get("headers", []), *own]
            await send(message)

        await app(scope, receive, telling)

    return answering
