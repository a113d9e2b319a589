"""A target that answers from memory, as fast as this machine can; a process of its own."""

from __future__ import annotations

import itertools

import msgspec
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from benchmarks.apart import serve

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


class Target:
    """The least of a SCIM endpoint: users by id and by userName."""

    def __init__(self) -> None:
        self._users: dict[str, dict[str, object]] = {}
        self._ids: dict[str, str] = {}
        self._count = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        known = request.url.path.rpartition("/")[2]
        match request.method:
            case "POST":
                status, body = 201, self._create(msgspec.json.decode(await request.body()))
            case "PATCH":
                status, body = 200, self._patch(known, msgspec.json.decode(await request.body()))
            case "DELETE" if known == "everything":
                self.__init__()  # type: ignore[misc]  # for the next measurement
                status, body = 204, {}
            case _ if known == "Users":
                status, body = 200, self._find(request.query_params["filter"].split('"')[1])
            case _:
                status, body = 200, self._users[known]
        content = b"" if status == 204 else msgspec.json.encode(body)  # noqa: PLR2004 - no content
        headers = [(b"content-type", b"application/scim+json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _create(self, user: dict[str, object]) -> dict[str, object]:
        user["id"] = known = f"u{next(self._count)}"
        self._users[known], self._ids[str(user["userName"])] = user, known
        return user

    def _patch(self, known: str, document: dict[str, list[dict[str, object]]]) -> dict[str, object]:
        for operation in document["Operations"]:
            self._users[known][str(operation["path"])] = operation["value"]
        return self._users[known]

    def _find(self, name: str) -> dict[str, object]:
        found = [self._users[self._ids[name]]] if name in self._ids else []
        return {"schemas": [LIST], "totalResults": len(found), "Resources": found}


if __name__ == "__main__":
    serve(Target())
