"""A target that misbehaves for one person: a clear line, a code, and everybody else goes on."""

from __future__ import annotations

import asyncio

import pytest

from entrasim.engagedly import Engagedly, EngagedlyServer

JSON, HTML = (b"content-type", b"application/scim+json"), (b"content-type", b"text/html")
ERROR = b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400"}'
TWO = (
    b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":2,'
    b'"Resources":[{"id":"1","userName":"ada@contoso.com"},{"id":"2","userName":"ada@contoso.com"}]}'
)
HANGS = 0

ANSWERS = {
    "a web page": (200, HTML, b"<html>welcome</html>", "ServiceIncompatible"),
    "an empty body": (200, JSON, b"", "ServiceIncompatible"),
    "a redirect": (302, (b"location", b"http://127.0.0.1:9/"), b"", "ServiceIncompatible"),
    "a wrong content type": (200, HTML, TWO, "ServiceIncompatible"),
    "success with an error body": (200, JSON, ERROR, "ServiceIncompatible"),
    "several matches": (200, JSON, TWO, "DuplicateTargetEntries"),
    "a server error": (503, JSON, b"busy", "InternalServerError"),
    "too many requests": (429, JSON, b"slowly", "TooManyRequests"),
    "silence": (HANGS, JSON, b"", "Timeout"),
}


class Moody:
    """Answers as the stand-in does, but for searches that name ada."""

    def __init__(self, answer):
        self.answer, self.asked = answer, 0

    def __call__(self, app):
        async def wrapped(scope, receive, send):
            if b"ada%40contoso.com" not in scope["query_string"] or self.answer is None:
                await app(scope, receive, send)
                return
            self.asked += 1
            status, header, body, _ = self.answer
            if status == HANGS:
                await asyncio.Event().wait()
            start = {"type": "http.response.start", "status": status, "headers": [header]}
            await send(start)
            await send({"type": "http.response.body", "body": body})

        return wrapped


@pytest.mark.parametrize("what", ANSWERS)
async def test_one_person_fails_and_the_others_are_there(entra, tmp_path, what):
    moody = Moody(ANSWERS[what])
    engagedly = Engagedly(tmp_path / "moody.db")
    server = EngagedlyServer(engagedly, wrap=moody)
    await server.start()
    token = engagedly.add_connection("x", base_url=server.base_url).token
    entra.connect(server.base_url, token, target={"timeout": "1s"})
    for name in ("ada", "grace", "mary"):
        entra.add_user(f"{name}@contoso.com")
        entra.assign(f"{name}@contoso.com")

    failing = await entra.cycle()
    (record,) = entra.log("ada@contoso.com")
    there = {e["email"].partition("@")[0] for e in engagedly.employees()}
    moody.answer = None
    entra.advance(hours=6)
    healed = await entra.cycle()
    serving = asyncio.create_task(server.stop())
    await serving
    engagedly.close()

    assert failing.state == "EntryLevelErrors"
    assert (failing.counts.created, failing.counts.escrowed) == (2, 1)
    assert there == {"grace", "mary"}
    assert record.error_code.endswith(ANSWERS[what][3])
    assert token not in record.error_message
    assert healed.counts.created == 1
    assert moody.asked == 1
