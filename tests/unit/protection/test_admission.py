"""Who is let in, and by what."""

from __future__ import annotations

from base64 import b64encode

import httpx
import pytest
from starlette.responses import PlainTextResponse

from entrasim.protection.admission import guarded

KEY = "k3y"
APP = PlainTextResponse("secret")


def refuse(status, message, headers):
    return PlainTextResponse(message, status, headers)


async def asked(key, headers, method="GET"):
    transport = httpx.ASGITransport(guarded(APP, key, refuse))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8420") as client:
        return await client.request(method, "/anything", headers=headers)


def basic(password):
    return "Basic " + b64encode(f"anybody:{password}".encode()).decode()


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8420", "[::1]", "[::1]:8420"]
)
async def test_without_a_key_this_machine_is_answered_by_its_name(host):
    assert (await asked(None, {"Host": host})).text == "secret"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8420",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example#localhost",
        "localhost@evil.example",
        "127.0.0.1:x",
        "",
    ],
)
async def test_foreign_name_that_leads_here_is_refused(host):
    answer = await asked(None, {"Host": host})

    assert answer.status_code == 421
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example"]
)
async def test_page_of_a_foreign_site_is_refused(origin):
    assert (await asked(None, {"Origin": origin}, "POST")).status_code == 421


async def test_page_of_this_machine_may_ask():
    assert (await asked(None, {"Origin": "http://127.0.0.1:8420"}, "POST")).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_bearer_of_the_key_is_let_in_under_any_name(scheme):
    headers = {"Authorization": f"{scheme} {KEY}", "Host": "entrasim.contoso.com"}

    assert (await asked(KEY, headers, "POST")).text == "secret"


async def test_browser_that_has_the_key_as_password_may_read_and_change_nothing():
    headers = {"Authorization": basic(KEY)}

    statuses = [(await asked(KEY, headers, m)).status_code for m in ("GET", "HEAD", "POST", "PUT")]

    assert statuses == [200, 200, 401, 401]


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {KEY}x",
        f"Bearer {KEY[:-1]}",
        f"Token {KEY}",
        KEY,
        basic("other"),
        "Basic ?",
        "Basic ä",
        b"Bearer \xff\xfe",
    ],
)
async def test_nobody_else_is_let_in(authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    headers = {n: v if isinstance(v, bytes) else v.encode() for n, v in headers.items()}

    answer = await asked(KEY, headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert KEY not in answer.text


async def test_token_that_is_recognised_lets_in_besides_the_key():
    app = guarded(APP, KEY, refuse, recognise=b"issued".__eq__)

    texts = [await bearing(app, token) for token in ("issued", KEY, "other")]

    assert texts == [200, 200, 401]


@pytest.mark.parametrize(("path", "status"), [("/token", 200), ("/token/", 401), ("/", 401)])
async def test_open_path_asks_for_no_key(path, status):
    app = guarded(APP, KEY, refuse, is_open="/token".__eq__)

    assert await bearing(app, "none", path) == status


async def test_open_path_is_no_way_in_for_foreign_pages():
    app = guarded(APP, None, refuse, is_open=lambda _path: True)

    assert await bearing(app, "none", host="evil.example") == 421


async def bearing(app, token, path="/", host="localhost"):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        headers = {"Authorization": f"Bearer {token}"}
        return (await client.get(f"http://{host}{path}", headers=headers)).status_code


async def test_websocket_is_refused_like_any_request():
    heard = []

    async def send(message):
        heard.append(message)

    scope = {"type": "websocket", "path": "/", "headers": [(b"host", b"localhost")]}
    await guarded(APP, KEY, refuse)(scope, None, send)

    assert heard[0]["type"] == "websocket.http.response.start"
    assert heard[0]["status"] == 401
