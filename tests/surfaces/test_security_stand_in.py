"""The stand-in and the daemon towards strangers: keys, names, hostile requests and texts."""

from __future__ import annotations

import json
import stat

import httpx
import pytest

from entrasim.api.access import guarded
from entrasim.engagedly import Engagedly, EngagedlyServer
from entrasim.errors import ConfigurationError
from entrasim.protection.depth import DEEPEST
from entrasim.serving import AsgiServer

KEY = "the-key-of-the-rest-api"
VIEWS = ["/", "/beta/users", "/beta/users?email=ada@contoso.com", "/nowhere"]
ADA = {
    "userName": "ada@contoso.com",
    "name": {"givenName": "Ada", "familyName": "Lovelace"},
    "emails": [{"type": "work", "value": "ada@contoso.com"}],
}
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
async def served(tmp_path):
    """A stand-in with an API key, and a client with a connection's token."""
    engagedly = Engagedly(tmp_path / "engagedly.db", api_key=KEY)
    async with EngagedlyServer(engagedly) as server:
        token = engagedly.add_connection("x", base_url=server.base_url).token
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=server.url, headers=headers) as client:
            yield client
    engagedly.close()


@pytest.mark.parametrize("path", VIEWS)
async def test_list_of_employees_is_shown_to_nobody_without_the_key(served, path):
    await served.post("/scim/v2/Users", json=ADA)

    with_a_token = await served.get(path)
    without = await served.get(path, headers={"Authorization": ""})
    password = httpx.BasicAuth("anybody", "wrong")
    with_a_password = await served.get(path, auth=password)

    for answer in (with_a_token, without, with_a_password):
        assert answer.status_code == 401
        assert "ada" not in answer.text.casefold()


async def test_list_of_employees_is_shown_to_whoever_has_the_key(served):
    await served.post("/scim/v2/Users", json=ADA)

    listed = await served.get("/beta/users", headers={"Authorization": f"Bearer {KEY}"})
    page = await served.get("/", auth=httpx.BasicAuth("anybody", KEY))

    assert listed.json()["data"][0]["first_name"] == "Ada"
    assert "Ada Lovelace" in page.text


async def test_key_is_no_token_of_a_connection(served):
    answer = await served.get("/scim/v2/Users", headers={"Authorization": f"Bearer {KEY}"})

    assert answer.status_code == 401


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - that is refused
def test_stand_in_without_a_key_is_served_to_this_machine_alone(tmp_path, host):
    engagedly = Engagedly(tmp_path / "engagedly.db")

    with pytest.raises(ConfigurationError, match="--api-key env:NAME"):
        EngagedlyServer(engagedly, host=host)
    engagedly.close()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "--api-key env:NAME"),
        (("--api-key", "env:NOT_SET"), "NOT_SET is not set"),
        (("--api-key", "s3cret-in-plain"), "env:NAME or file:PATH"),
    ],
)
async def test_command_refuses_to_listen_beyond_loopback_without_a_key(site, arguments, told):
    code, out, err = await site.run("engagedly", "serve", "--host", "0.0.0.0", *arguments)  # noqa: S104 - that is refused

    assert (code, out) == (2, "")
    assert told in err
    assert "s3cret-in-plain" not in err


async def test_foreign_name_reads_neither_the_list_nor_the_page(tmp_path):
    engagedly = Engagedly(tmp_path / "engagedly.db")
    async with EngagedlyServer(engagedly) as server, httpx.AsyncClient() as client:
        own = await client.get(f"{server.url}/beta/users")
        foreign = [
            await client.get(f"{server.url}{path}", headers={"Host": "evil.example"})
            for path in VIEWS
        ]
    engagedly.close()

    assert own.json()["success"] is True
    assert [answer.status_code for answer in foreign] == [421] * len(VIEWS)


@pytest.mark.parametrize("path", ["/", "/health", "/v1.0/anything", "//health", "/health/"])
async def test_daemon_with_a_token_asks_for_it_on_every_path(path):
    async def open_to_all(*_asked):
        raise AssertionError("asked without a token")

    async with AsgiServer(guarded(open_to_all, "t0ken")) as server, httpx.AsyncClient() as client:
        answers = [await client.request(m, server.url + path) for m in ("GET", "POST", "OPTIONS")]

    assert {answer.status_code for answer in answers} == {401}
    assert answers[0].json()["error"]["code"] == "InvalidAuthenticationToken"


async def test_refusals_have_the_shape_of_each_servers_errors(served):
    body = b'"' + b"x" * 2_000_000 + b'"'

    scim = await served.post("/scim/v2/Users", content=body)
    async with AsgiServer(guarded(None, None)) as server, httpx.AsyncClient() as client:
        api = await client.post(server.url, content=body)

    assert (scim.status_code, api.status_code) == (413, 413)
    assert scim.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert scim.json()["status"] == "413"
    assert api.json()["error"]["code"] == "RequestEntityTooLarge"


async def test_patch_of_ten_thousand_members_is_within_bounds(served):
    ada = (await served.post("/scim/v2/Users", json=ADA)).json()["id"]
    group = (await served.post("/scim/v2/Groups", json={"displayName": "All"})).json()["id"]
    operation = {"op": "Add", "path": "members", "value": [{"value": ada}] * 10_000}

    answer = await served.patch(f"/scim/v2/Groups/{group}", json={"Operations": [operation]})

    assert answer.status_code == 204


@pytest.mark.parametrize("path", ["/scim/v2/Users", "/scim/v2/Groups"])
@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe",
        b'{"userName": "\xff"}',
        b'{"userName": "\x00"}',
        b'{"userName": 1e999}',
        b'{"userName": ' + b"9" * 100_000 + b"}",
        b'{"deep": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"deep": ' + b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1) + b"}",
        b'{"deep": ' * 500 + b"1" + b"}" * 500,
        b"[" * 900_000,
    ],
    ids=range(9),
)
async def test_hostile_body_is_a_mistake_and_leaves_the_endpoint_working(served, path, body):
    answer = await served.post(path, content=body)

    assert answer.status_code == 400
    assert answer.json()["scimType"] == "invalidSyntax"
    assert (await served.get(path)).status_code == 200


@pytest.mark.parametrize("number", ["--1", "1" * 5000, "²", "٣", "1e9", "NaN"])
async def test_hostile_number_in_a_query_is_a_mistake(served, number):
    answer = await served.get("/scim/v2/Users", params={"startIndex": number})

    assert answer.status_code == 400


@pytest.mark.parametrize("depth", [50, 300, 1500])
async def test_hostile_filter_is_answered(served, depth):
    filters = ["(" * depth + "a pr" + ")" * depth, "not (" * depth + "a pr" + ")" * depth]

    answers = [await served.get("/scim/v2/Users", params={"filter": f}) for f in filters]

    assert {answer.status_code for answer in answers} <= {200, 400}


async def test_hostile_texts_are_texts_on_the_page(served):
    body = {
        **ADA,
        "userName": EVIL,
        "name": {"givenName": EVIL, "familyName": EVIL},
        "emails": [{"type": "work", "value": EVIL}],
        "addresses": [{"type": "work", "locality": [EVIL]}],
        "title": {"x": EVIL},
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "department": EVIL,
            "employeeNumber": EVIL,
            "manager": {"value": EVIL},
        },
    }
    ada = (await served.post("/scim/v2/Users", json=body)).json()["id"]
    group = {"displayName": EVIL, "members": [{"value": ada, "display": EVIL}]}
    await served.post("/scim/v2/Groups", json=group)

    page = await served.get("/", auth=httpx.BasicAuth("", KEY))

    assert "&lt;script&gt;" in page.text
    assert "<script" not in page.text
    assert "<img" not in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


async def test_hostile_host_makes_no_header(served):
    answer = await served.post(
        "/scim/v2/Users", json=ADA, headers={"Host": "evil.example/x?y#z <b>"}
    )

    assert answer.status_code in {201, 400}
    assert "\n" not in answer.headers.get("location", "")


def test_files_of_the_stand_in_are_for_their_owner_alone(tmp_path):
    engagedly = Engagedly(tmp_path / "engagedly.db")
    engagedly.add_connection("x", base_url="http://127.0.0.1")

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    engagedly.close()

    assert set(modes) >= {"engagedly.db", "engagedly.db.lock", "engagedly.db-wal"}
    assert set(modes.values()) == {0o600}


def test_json_of_people_is_read_back_as_it_was(capsys):
    from entrasim.cli import output  # noqa: PLC0415 - its consoles are bound to the captured streams

    steering = "a\x1b\x7f\x9b\u2028\u202eb\U0001f600"

    output.as_json({"name": steering})
    written = capsys.readouterr().out

    assert json.loads(written) == {"name": steering}
    assert not {"\x1b", "\x7f", "\x9b", "\u2028", "\u202e"} & set(written)
