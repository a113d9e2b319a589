"""A target that means harm: whatever it answers, one object fails, and nothing else happens."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest

from entrasim.engagedly import Engagedly, EngagedlyServer
from entrasim.serving import AsgiServer

TOKEN_LINE = "\n2026-01-01T00:00:00Z [info     ] cycle ended \x1b[2J\x1b]0;owned\x07\x9b31m\u202e"
LIST = (
    b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],'
    b'"totalResults":%s,"Resources":[%s]}'
)
DEEP = b"[" * 100_000 + b"]" * 100_000


def listed(resource, total=b"1"):
    return LIST % (total, resource)


ANSWERS = {
    "control characters": (400, TOKEN_LINE.encode()),
    "a SCIM error that forges lines": (400, json.dumps({"detail": TOKEN_LINE}).encode()),
    "HTML": (500, b"<script>alert(1)</script>"),
    "invalid UTF-8": (200, b'{"id": "\xff\xfe"}'),
    "NUL": (200, b'{"id": "\x00"}'),
    "an integer of many digits": (200, listed(b'{"id": ' + b"9" * 100_000 + b"}")),
    "a total of many digits": (200, listed(b'{"id": "1"}', b"9" * 4000)),
    "a total out of range": (200, listed(b"", b"1e999")),
    "a bomb of brackets": (200, DEEP),
    "a bomb of brackets in a resource": (200, listed(b'{"id": "1", "title": %s}' % DEEP)),
    "deeper than anybody means it": (
        200,
        listed(b'{"id": "1", "title": ' + b'{"a":' * 800 + b"1" + b"}" * 801),
    ),
    "duplicate keys": (
        200,
        b'{"schemas": [], ' + listed(b"", b"0")[1:-1] + b', "totalResults": 9}',
    ),
    "an id that is an object": (200, listed(b'{"id": {"value": "1"}}')),
    "no status of HTTP": (299, b"{"),
}


class Hostile:
    """Answers as the stand-in does, but for requests about ada."""

    def __init__(self, status, body):
        self.status, self.body = status, body

    def __call__(self, app):
        async def wrapped(scope, receive, send):
            if b"ada%40contoso.com" not in scope["query_string"]:
                await app(scope, receive, send)
                return
            headers = [(b"content-type", b"application/scim+json"), (b"x-odd", b"\xfe\x9b31m")]
            await send({"type": "http.response.start", "status": self.status, "headers": headers})
            await send({"type": "http.response.body", "body": self.body})

        return wrapped


@pytest.fixture
async def provisioning(entra, tmp_path):
    """Runs a cycle for ada and grace against a hostile target; gives its result and the token."""
    opened = []

    async def run(status, body):
        engagedly = Engagedly(tmp_path / "hostile.db")
        server = EngagedlyServer(engagedly, wrap=Hostile(status, body))
        await server.start()
        opened.append((engagedly, server))
        token = engagedly.add_connection("x", base_url=server.base_url).token
        entra.connect(server.base_url, token)
        for name in ("ada", "grace"):
            entra.add_user(f"{name}@contoso.com")
            entra.assign(f"{name}@contoso.com")
        return await entra.cycle(), {e["email"] for e in engagedly.employees()}

    yield run
    for engagedly, server in opened:
        await server.stop()
        engagedly.close()


@pytest.mark.parametrize("what", ANSWERS)
async def test_hostile_answer_fails_one_object_and_is_quoted_harmlessly(entra, provisioning, what):
    result, there = await provisioning(*ANSWERS[what])

    (record,) = entra.log("ada@contoso.com")
    assert (result.state, result.counts.escrowed) == ("EntryLevelErrors", 1)
    assert there == {"grace@contoso.com"}
    assert record.error_message.isprintable()
    assert len(record.error_message) < 1000


async def test_echo_of_the_token_is_not_quoted(entra):
    seen = {}

    async def app(scope, _receive, send):
        authorization = dict(scope["headers"])[b"authorization"]
        seen["token"] = authorization.partition(b" ")[2].decode()
        echoes = [authorization, b64encode(authorization)]
        await send({"type": "http.response.start", "status": 400, "headers": []})
        await send({"type": "http.response.body", "body": b" ".join(echoes)})

    async with AsgiServer(app) as server:
        entra.connect(server.url, "t0ken-that-nobody-may-see")
        entra.add_user("ada@contoso.com")
        entra.assign("ada@contoso.com")
        with pytest.raises(Exception, match="not SCIM compatible") as refused:
            await entra.cycle()

    told = str(refused.value)
    assert seen["token"] not in told
    assert b64encode(seen["token"].encode())[:12].decode() not in told


@pytest.mark.parametrize(
    "hostile_id", ["../Groups/x", "a?b#c", "..", ".", "a/b", "%2e%2e%2fGroups", "x\r\nHost: y", "é"]
)
async def test_hostile_id_reaches_no_other_path(entra, hostile_id):
    paths = []

    async def app(scope, receive, send):
        paths.append((scope["method"], scope["raw_path"].decode(), scope["query_string"].decode()))
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        made = {**json.loads(body or b"{}"), "id": hostile_id}
        content = listed(b"", b"0") if scope["method"] == "GET" else json.dumps(made).encode()
        headers = [(b"content-type", b"application/scim+json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async with AsgiServer(app) as server:
        entra.connect(f"{server.url}/scim", "t0ken")
        entra.add_user("ada@contoso.com", jobTitle="Analyst")
        entra.assign("ada@contoso.com")
        await entra.cycle()
        entra.advance(minutes=40)
        entra.set_user("ada@contoso.com", jobTitle="Author")
        await entra.cycle()
        entra.advance(minutes=40)
        entra.unassign("ada@contoso.com")
        await entra.cycle()

    about_her = [path for _, path, _ in paths if path != "/scim/Users"]
    assert about_her
    assert {path.count("/") for path in about_her} == {3}
    assert all(path.startswith("/scim/Users/") for path in about_her)
    assert not {"/scim/Users/.", "/scim/Users/.."} & set(about_her)
    assert {query for _, path, query in paths if path in about_her} <= {""}


async def test_redirect_of_the_target_is_not_followed(entra):
    asked = []

    async def trap(scope, _receive, send):
        asked.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async with AsgiServer(trap) as elsewhere:

        async def redirecting(scope, _receive, send):
            headers = [(b"location", f"{elsewhere.url}{scope['path']}".encode())]
            await send({"type": "http.response.start", "status": 307, "headers": headers})
            await send({"type": "http.response.body", "body": b""})

        async with AsgiServer(redirecting) as server:
            entra.connect(server.url, "t0ken")
            entra.add_user("ada@contoso.com")
            entra.assign("ada@contoso.com")
            with pytest.raises(Exception, match="not followed"):
                await entra.cycle()

    assert asked == []


async def test_hostile_answers_forge_no_line_of_any_command(site):
    engagedly = Engagedly(site.folder / "hostile.db")
    async with EngagedlyServer(engagedly, wrap=Hostile(400, TOKEN_LINE.encode())) as server:
        token = engagedly.add_connection("x", base_url=server.base_url).token
        target = {
            "ENGAGEDLY_TOKEN": token,
            "ENTRASIM_JOBS__ENGAGEDLY__TARGET__BASE_URL": server.base_url,
        }
        outputs = [
            await site.run(*command, **target)
            for command in (
                ("plan", "--explain"),
                ("sync",),
                ("job", "status"),
                ("logs",),
                ("logs", "--json"),
            )
        ]
    engagedly.close()

    lines = [line for _, out, err in outputs for line in (out + err).split("\n")]
    assert any("cycle ended" in line for line in lines)
    assert not [line for line in lines if line.startswith("2026-01-01")]
    assert all(line.isprintable() for line in lines)
