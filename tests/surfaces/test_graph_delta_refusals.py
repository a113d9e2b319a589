"""What delta queries refuse, and how."""

from __future__ import annotations

import asyncio
from base64 import urlsafe_b64decode, urlsafe_b64encode

import httpx
import msgspec
import pytest
from delta_client import Contoso
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROOT = "http://127.0.0.1/v1.0"
OPTIONS = ["$select", "$filter", "$expand", "$top", "$deltatoken", "$skiptoken", "$orderby", "x"]


@pytest.fixture
def contoso(tmp_path):
    made = Contoso(tmp_path)
    for known in ("ada", "bob", "cy"):
        made.hire(known)
    made.found("staff", "ada", "bob")
    made.save()
    yield made
    made.history.close()


def client(contoso):
    return httpx.AsyncClient(transport=httpx.ASGITransport(contoso.app), base_url=ROOT)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("$select=a b", "BadRequest"),
        ("$select=", "BadRequest"),
        ("$select=jobTitel", "BadRequest"),
        ("$select=id&$select=mail", "Request_BadRequest"),
        ("$top=0", "Request_BadRequest"),
        ("$top=many", "Request_BadRequest"),
        ("$orderby=displayName", "Request_UnsupportedQuery"),
        ("$search=ada", "Request_UnsupportedQuery"),
        ("$count=true", "Request_UnsupportedQuery"),
        ("$expand=manager", "Request_UnsupportedQuery"),
        ("$filter=displayName eq 'Ada'", "Request_UnsupportedQuery"),
        ("$filter=id eq 'a' and id eq 'b'", "Request_UnsupportedQuery"),
        ("$filter=id ne 'a'", "Request_UnsupportedQuery"),
        ("$filter=id eq", "Request_UnsupportedQuery"),
        ("$filter=" + " or ".join(f"id eq '{n}'" for n in range(51)), "Request_UnsupportedQuery"),
        ("$filter=" + "(" * 6_000, "Request_UnsupportedQuery"),
        ("$filter=" + "(" * 4_000, "Request_UnsupportedQuery"),
        ("$deltatoken=nonsense", "Request_BadRequest"),
        ("$deltatoken=%00%ff", "Request_BadRequest"),
        ("$skiptoken=", "Request_BadRequest"),
        ("$skiptoken=W10&$select=id", "Request_UnsupportedQuery"),
        ("$skiptoken=W10&$deltatoken=W10", "Request_UnsupportedQuery"),
        ("$deltatoken=W10&$filter=id eq 'a'", "Request_UnsupportedQuery"),
    ],
)
async def test_request_that_cannot_be_answered_is_refused_with_a_reason(contoso, query, code):
    async with client(contoso) as http:
        answer = await http.get(f"/users/delta?{query}")

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, code)
    assert error["innerError"]["request-id"] == answer.headers["request-id"]


async def test_token_of_another_collection_is_refused(contoso):
    async with client(contoso) as http:
        link = (await http.get("/users/delta")).json()["@odata.deltaLink"]
        answer = await http.get(link.replace("/users/", "/groups/"))

    assert answer.status_code == 400


async def test_skip_token_is_no_delta_token(contoso):
    async with client(contoso) as http:
        page = await http.get("/users/delta", headers={"Prefer": "odata.maxpagesize=1"})
        answer = await http.get(page.json()["@odata.nextLink"].replace("$skip", "$delta"))

    assert answer.status_code == 400


@pytest.mark.parametrize("change", [("version", 9_000), ("generation", 7)])
async def test_token_of_a_version_that_never_was_is_refused(contoso, change):
    async with client(contoso) as http:
        link = (await http.get("/users/delta")).json()["@odata.deltaLink"]
        before, _, token = link.partition("$deltatoken=")
        fields = msgspec.json.decode(urlsafe_b64decode(token + "=="))
        fields[{"generation": 3, "version": 4}[change[0]]] = change[1]
        forged = urlsafe_b64encode(msgspec.json.encode(fields)).decode().rstrip("=")
        answer = await http.get(f"{before}$deltatoken={forged}")

    assert answer.status_code == 400


async def test_other_methods_are_refused(contoso):
    async with client(contoso) as http:
        answer = await http.post("/users/delta", json={})

    assert answer.status_code == 405


async def test_history_that_cannot_be_used_is_told_with_a_remedy(contoso):
    contoso.file.parent.write_text("in the way")
    async with client(contoso) as http:
        answer = await http.get("/users/delta")

    contoso.file.parent.unlink()
    assert answer.status_code == 503
    assert str(contoso.file) in answer.json()["error"]["message"]


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(st.sampled_from(OPTIONS), st.text(max_size=40)), max_size=3),
    st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=30),
    st.sampled_from(["users", "groups"]),
)
def test_no_request_whatsoever_makes_it_stumble(contoso, options, prefer, collection):
    status = asyncio.run(_ask(contoso, collection, options, prefer))

    assert status in {200, 400}


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_no_forged_token_makes_it_stumble(contoso, data):
    status = asyncio.run(_forge(contoso, data))

    assert status in {200, 400, 410}


async def _ask(contoso, collection, options, prefer):
    contoso.restart()  # its locks belong to one event loop
    async with client(contoso) as http:
        path = f"/{collection}/delta"
        return (await http.get(path, params=options, headers={"Prefer": prefer})).status_code


async def _forge(contoso, data):
    contoso.restart()
    size = {"Prefer": "odata.maxpagesize=1"}
    async with client(contoso) as http:
        page = (await http.get("/users/delta?$select=mail,manager", headers=size)).json()
        before, _, token = page["@odata.nextLink"].partition("$skiptoken=")
        fields = msgspec.json.decode(urlsafe_b64decode(token + "=="))
        _spoil(fields, data)
        forged = urlsafe_b64encode(msgspec.json.encode(fields)).decode().rstrip("=")
        return (await http.get(f"{before}$skiptoken={forged}")).status_code


def _spoil(fields, data):
    """Put something else in one place of a token."""
    anything = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=5), st.lists(st.text(max_size=3), max_size=3),
    )  # fmt: skip
    place = data.draw(st.integers(0, len(fields) - 1))
    if isinstance(fields[place], list) and fields[place] and data.draw(st.booleans()):
        _spoil(fields[place], data)
    else:
        fields[place] = data.draw(anything)
