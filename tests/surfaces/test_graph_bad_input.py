"""Whatever is sent, Graph's shape of an error comes back, and never a 500."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path

import httpx
import pytest
from contoso_files import ADA, SALES, write_tenant
from graph_api import EIGHT, graph_api
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrasim.api.application import daemon_app
from entrasim.api.directory import properties
from entrasim.api.odata import Shape
from entrasim.api.surroundings import Surroundings
from entrasim.config import load, write_starter
from entrasim.directory.fixture.directory import read_tenant
from entrasim.scheduler.clocks import VirtualClock
from entrasim.scheduler.daemon import Daemon
from entrasim.testing.memory_store import MemoryStore

QUIET = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = st.sampled_from([*properties.USER, *properties.GROUP, "members@odata.bind", "@odata.id"])
BODIES = st.dictionaries(NAMES | st.text(max_size=10), VALUES, max_size=5)
PATHS = st.sampled_from(
    [
        ("POST", "users"),
        ("PATCH", f"users/{ADA}"),
        ("PUT", f"users/{ADA}/manager/$ref"),
        ("POST", f"users/{ADA}/checkMemberGroups"),
        ("POST", f"users/{ADA}/getMemberGroups"),
        ("POST", "groups"),
        ("PATCH", f"groups/{SALES}"),
        ("POST", f"groups/{SALES}/members/$ref"),
        ("POST", "directoryObjects/getByIds"),
        ("POST", "$batch"),
    ]
)


@pytest.fixture(scope="module")
def exchange():
    """Sends one request after another to one server over a short form; gives status and body."""
    loop = asyncio.new_event_loop()
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "contoso"
        folder.mkdir()
        write_tenant(folder, "yaml")
        serving = graph_api(folder)
        graph = loop.run_until_complete(serving.__aenter__())

        def send(method, path, **more):
            answer = loop.run_until_complete(graph.client.request(method, path, **more))
            read_tenant(folder, "Engagedly")
            return answer

        yield send
        loop.run_until_complete(serving.__aexit__(None, None, None))
    loop.close()


def is_graphs(answer):
    """Whether an answer is one that Graph gives: it is well, or says what isn't."""
    if answer.status_code < 400:
        return True
    error = answer.json()["error"]
    return answer.status_code < 500 and bool(error["code"]) and bool(error["message"])


@given(PATHS, BODIES)
@QUIET
def test_any_body_is_taken_or_refused_and_leaves_a_sound_tenant(exchange, path, body):
    answer = exchange(*path, content=json.dumps(body).encode())

    assert is_graphs(answer), answer.text


@given(
    st.sampled_from(
        ["users", "groups", f"groups/{SALES}/members", "directory/deletedItems/graph.user"]
    ),
    st.sampled_from(["$filter", "$orderby", "$select", "$expand", "$search", "$top", "$skiptoken"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    | st.sampled_from(["members/$count eq 0", "id eq id", "'", "*", "()", "a;b"]),
)
@QUIET
def test_any_query_is_answered_or_refused(exchange, path, option, text):
    answer = exchange("GET", path, params={option: text}, headers={"ConsistencyLevel": "eventual"})

    assert is_graphs(answer), answer.text


@given(
    st.sampled_from(["users", "groups", "directoryObjects", "directory/deletedItems"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
@QUIET
def test_any_key_is_found_or_not(exchange, path, key):
    answer = exchange("GET", f"{path}/{''.join(f'%{byte:02x}' for byte in key.encode())}")

    assert is_graphs(answer), answer.text


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@given(TEXTS, TEXTS, st.text("abcxyz019.-_'#+", min_size=1, max_size=20))
@QUIET
def test_what_is_taken_comes_back_as_it_was(exchange, name, title, local):
    body = {
        "accountEnabled": False,
        "displayName": name,
        "jobTitle": title,
        "mailNickname": "x",
        "userPrincipalName": f"{local}@contoso.com",
        "passwordProfile": {"password": "x"},
    }

    made = exchange("POST", "users", content=json.dumps(body).encode())

    if made.status_code == 201:
        back = exchange("GET", f"users/{made.json()['id']}").json()
        assert (back["displayName"], back["jobTitle"]) == (name, title)
        assert back["userPrincipalName"] == f"{local}@contoso.com"
        assert exchange("DELETE", f"users/{made.json()['id']}").status_code == 204
        exchange("DELETE", f"directory/deletedItems/{made.json()['id']}")
    else:
        assert made.status_code == 400


WORDS = TEXTS | st.sampled_from(["2026-01-05T08:00:00Z", "null", "true", "12", "~", "- x", "a: b"])
PLAIN = WORDS | st.booleans() | st.integers(-(2**40), 2**40)
OF_SHAPE = {
    Shape.TEXT: WORDS,
    Shape.TEXTS: st.lists(WORDS, max_size=3),
    Shape.BOOLEAN: st.booleans(),
    Shape.MOMENT: st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"),
    Shape.COMPLEX: st.dictionaries(WORDS, PLAIN, max_size=3),
    Shape.COMPLEXES: st.lists(st.dictionaries(WORDS, PLAIN, max_size=2), max_size=2),
}
WRITABLE = sorted(set(properties.USER) - properties.USER_READ_ONLY - {"passwordProfile"})
ONE_CHANGE = st.sampled_from(WRITABLE).flatmap(
    lambda name: OF_SHAPE[properties.USER[name]].map(lambda value: (name, value))
)


@given(ONE_CHANGE)
@QUIET
def test_any_property_that_is_taken_comes_back(exchange, change):
    name, value = change
    body = json.dumps({name: value, "userPrincipalName": "ada@contoso.com"}).encode()

    answer = exchange("PATCH", f"users/{ADA}", content=body)

    if answer.status_code == 204:
        back = exchange("GET", f"users/{ADA}", params={"$select": f"{name},userPrincipalName"})
        assert (back.json()[name] or None) == (value or None) or name == "userPrincipalName"
    else:
        assert answer.status_code == 400


async def test_broken_files_are_no_mistake_of_the_callers(tmp_path):
    folder = tmp_path / "contoso"
    folder.mkdir()
    write_tenant(folder, "json")
    async with graph_api(folder) as graph:
        (folder / "users.json").write_text('[{"id": ')

        code, message = await graph.refused("GET", "users", status=503)

    assert code == "serviceNotAvailable"
    assert "users.json:1" in message


@pytest.mark.parametrize(
    "path", ["users", "users/delta", "groups/x/members", "organization", "auditLogs/provisioning"]
)
async def test_daemon_without_a_fixture_tenant_says_what_it_lacks(tmp_path, path):
    write_starter(tmp_path)
    configuration = load(tmp_path / "config/entrasim.toml", {"ENGAGEDLY_TOKEN": "t"})
    clock, store = VirtualClock(EIGHT), MemoryStore()
    around = Surroundings(Daemon([], store, clock, None), configuration, store, clock, None)
    transport = httpx.ASGITransport(daemon_app(around))

    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get(f"/v1.0/{path}")

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (404, "Request_ResourceNotFound")
    assert error["message"].startswith("No job of this daemon reads a fixture tenant")


async def test_folder_that_went_away_is_the_daemon_s_trouble(tmp_path):
    folder = tmp_path / "contoso"
    folder.mkdir()
    write_tenant(folder, "json")
    async with graph_api(folder) as graph:
        folder.rename(tmp_path / "elsewhere")

        code, message = await graph.refused("GET", "users", 503)

    assert code == "serviceNotAvailable"
    assert "there is no such folder" in message
