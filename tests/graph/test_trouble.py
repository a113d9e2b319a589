"""What Graph's refusals, delays and lost states come to."""

from __future__ import annotations

import pytest
from fake_graph import PRINCIPAL, TOKEN, refusal, user
from starlette.responses import JSONResponse, Response

from entrasim.errors import SourceError, StoppedError

BUSY = "TooManyRequests"


async def told(directory, since=None):
    with pytest.raises(SourceError) as caught:
        await directory.read(since)
    return str(caught.value)


@pytest.fixture
def settled(graph):
    graph.settle([user("ada")], {"id": "sales"}, assigned=["ada"])
    return graph


async def test_throttled_page_is_asked_for_again_when_graph_says(graph, directory, slept):
    graph.round("users", [user("ada")], [user("bob")])
    graph.round("groups")
    graph.troubles["users--page-1"] = [refusal(429, BUSY, **{"Retry-After": "7"})]

    reading = await directory.read(None)

    assert len(reading.entries) == 2
    assert sum(slept) == pytest.approx(7)
    assert len(graph.asked("/users/delta")) == 3  # the first page came once


async def test_failures_are_outwaited(settled, directory):
    settled.troubles["/users/delta"] = [
        refusal(503, "ServiceUnavailable"),
        refusal(500, "InternalServerError"),
        Response("<html>bad gateway</html>", 502),
        refusal(504, "GatewayTimeout"),
    ]

    reading = await directory.read(None)

    assert len(reading.entries) == 2
    assert len(settled.asked("/users/delta")) == 5


async def test_failure_that_stays_is_told_after_some_tries(settled, directory):
    settled.troubles["/groups/delta"] = [refusal(503, "ServiceUnavailable", "busy")] * 99

    text = await told(directory)

    assert "503 ServiceUnavailable: busy to 6 requests for /groups/delta" in text
    assert "nothing was written" in text


async def test_longer_than_patience_is_not_waited(settled, directory, slept):
    settled.troubles["/users/delta"] = [refusal(429, BUSY, **{"Retry-After": "3600"})]

    assert f"429 {BUSY}" in await told(directory)
    assert slept == []


@pytest.mark.parametrize(
    "lost",
    [
        refusal(400, "syncStateNotFound"),
        refusal(404, "SyncStateNotFound"),
        refusal(410, "resyncRequired", Location="https://elsewhere.example/users/delta"),
        Response(status_code=410),
    ],
    ids=["expired", "expired-404", "reset", "reset-without-a-word"],
)
async def test_lost_state_is_read_anew_and_said(settled, directory, lost, caplog):
    first = await directory.read(None)
    settled.troubles["groups-1"] = [lost]

    again = await directory.read(first.watermark)

    assert again.complete is True
    assert again.entries == first.entries
    assert "reading everything anew" in caplog.text


async def test_state_that_is_lost_again_and_again_is_an_error(settled, directory, caplog):
    settled.troubles["/users/delta"] = [refusal(410, "resyncRequired")] * 2

    assert "Graph lost the state of /users/delta" in await told(directory)
    assert "once more" in caplog.text


@pytest.mark.parametrize(
    "watermark", ["", "no JSON", "{}", '{"asked":{},"links":{}}', "null"], ids=repr
)
@pytest.mark.usefixtures("settled")
async def test_unreadable_watermark_is_a_full_reading(directory, watermark):
    reading = await directory.read(watermark)

    assert reading.complete is True


async def test_watermark_of_another_question_is_a_full_reading(settled, directory, directory_of):
    first = await directory.read(None)
    settled.objects["/users"] = {"value": [user("ada")]}

    reading = await directory_of(managers="expand").read(first.watermark)

    assert reading.complete is True


async def test_link_to_another_host_gets_no_token(settled, directory):
    page = {
        "value": [],
        "@odata.nextLink": "http://elsewhere.example/v1.0/users/delta?$skiptoken=x",
    }
    settled.troubles["/users/delta"] = [JSONResponse(page)]

    text = await told(directory)

    assert "gave a link to another host" in text


async def test_pages_in_a_circle_end(settled, directory):
    page = {"value": [], "@odata.nextLink": f"{settled.base_url}/users/delta?$skiptoken=round"}
    settled.troubles["/users/delta"] = [JSONResponse(page)]
    settled.troubles["round"] = [JSONResponse(page)]

    assert "lead in a circle" in await told(directory)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<html></html>", "no page of objects"),
        (b'{"value": 5}', "no page of objects"),
        (b'{"value": [{"displayName": "nobody"}], "@odata.deltaLink": "x"}', "id must be a text"),
        (b'{"value": [5]}', "can't be read"),
        (b'{"value": []}', "ended without a link to the next round"),
        (b'{"value": [{"id": "u", "@removed": {"reason": "lost"}}]}', "@removed must give"),
    ],
)
async def test_answer_that_is_none_is_a_source_error(settled, directory, body, expected):
    settled.troubles["/users/delta"] = [Response(body, media_type="application/json")]

    assert expected in await told(directory)


@pytest.mark.parametrize(
    ("path", "permission"),
    [
        ("/users/delta", "User.Read.All"),
        ("/groups/delta", "GroupMember.Read.All"),
        ("/directory/deletedItems/microsoft.graph.user", "User.Read.All"),
        (f"/servicePrincipals/{PRINCIPAL}", "Application.Read.All"),
        (f"/servicePrincipals/{PRINCIPAL}/appRoleAssignedTo", "Application.Read.All"),
    ],
)
async def test_missing_permission_is_named_and_where_to_grant_it(
    settled, directory, path, permission
):
    settled.troubles[path] = [
        refusal(403, "Authorization_RequestDenied", "Insufficient privileges")
    ]

    text = await told(directory)

    assert f"forbids to read {path}" in text
    assert f"the permission {permission}:" in text
    assert "API permissions" in text
    assert "admin consent" in text


@pytest.mark.usefixtures("settled")
async def test_unknown_service_principal_names_id_and_key(directory_of):
    text = await told(directory_of(service_principal_id="nobody"))

    assert text.startswith("jobs.engagedly.directory.service_principal_id: ")
    assert "no service principal nobody" in text


@pytest.mark.parametrize(
    ("principals", "expected"),
    [([], 'no enterprise application "Engagedly"'), ([{"id": "a"}, {"id": "b"}], "a, b")],
    ids=["none", "two"],
)
async def test_name_that_is_not_one_application_s_is_told(
    settled, directory_of, principals, expected
):
    settled.objects["/servicePrincipals"] = {"value": principals}

    text = await told(directory_of(service_principal_id=None, application="Engagedly"))

    assert text.startswith("jobs.engagedly.directory.application: ")
    assert expected in text


@pytest.mark.usefixtures("settled")
async def test_refused_token_names_its_key_and_is_not_shown(directory_of):
    text = await told(directory_of(token="another"))

    assert "correct jobs.engagedly.directory.token" in text
    assert "another" not in text


async def test_graph_that_is_not_there_is_told(directory_of):
    text = await told(directory_of(base_url="http://127.0.0.1:9/v1.0"))

    assert "Graph at http://127.0.0.1:9/v1.0 can't be reached after 6 tries" in text
    assert TOKEN not in text


async def test_text_of_graph_steers_no_terminal(settled, directory):
    settled.troubles["/users/delta"] = [refusal(400, "Request_BadRequest", "\x1b[2Jgone\u202e")]

    text = await told(directory)

    assert text.isprintable()


@pytest.mark.parametrize("text", ["\x1b[2Jgone", "\u202egone"], ids=ascii)
async def test_object_that_is_shown_steers_no_terminal(settled, directory, text):
    page = f'{{"value": [{{"x": "{text}"}}], "@odata.deltaLink": "x"}}'
    settled.troubles["/users/delta"] = [Response(page, media_type="application/json")]

    assert (await told(directory)).isprintable()


async def test_what_is_no_graph_is_told_by_its_key(settled, directory):
    settled.troubles[f"/servicePrincipals/{PRINCIPAL}"] = [Response("<html>not here</html>", 404)]

    text = await told(directory)

    assert text.startswith("jobs.engagedly.directory.base_url: what answers there is no Graph")


async def test_reading_ends_at_the_next_page_when_asked_to_stop(graph, directory_of):
    graph.round("users", [user("ada")], [user("bob")])
    graph.round("groups")
    directory = directory_of(stopping=lambda: bool(graph.asked("/users/delta")))

    with pytest.raises(StoppedError):
        await directory.read(None)

    assert len(graph.asked("/users/delta")) == 1


@pytest.mark.usefixtures("settled")
async def test_probe_says_what_it_could_read(directory):
    found = await directory.probe()

    assert found == (
        'the assignments to "Engagedly"',
        "changes of users",
        "changes of groups",
        "deleted users",
    )


@pytest.mark.parametrize(
    "item",
    [
        b'{"id": "u", "x": ' + b"[" * 9_999 + b"]" * 9_999 + b"}",
        b'{"id": "u", "displayName": "\xff\xfe"}',
        b'{"id": "u", "deletedDateTime": "0001-01-01T00:00:00+05:00"}',
    ],
    ids=["nested", "not UTF-8", "before time"],
)
async def test_object_that_nobody_can_read_is_a_source_error(settled, directory, item):
    page = b'{"value": [' + item + b'], "@odata.deltaLink": "x"}'
    settled.troubles["/users/delta"] = [Response(page, media_type="application/json")]

    text = await told(directory)

    assert "can't be read" in text or "no page" in text


async def test_app_role_that_is_none_is_a_source_error(settled, directory):
    settled.principal["appRoles"] = [{"value": "Admin"}]

    assert "an app role that can't be read: id must be a text" in await told(directory)


@pytest.mark.parametrize("status", [200, 400])
async def test_answer_of_endless_brackets_is_a_source_error(settled, directory, status):
    body = b'{"further": ' + b"[" * 9_999
    settled.troubles["/groups/delta"] = [Response(body, status)]

    assert await told(directory)


async def test_pages_without_end_end(settled, directory, monkeypatch):
    monkeypatch.setattr("entrasim.directory.graph.client.MOST_PAGES", 3)
    settled.round("users", *([[user(name)] for name in "abcd"]))

    assert "more than 3 pages" in await told(directory)


async def test_page_that_is_too_long_is_not_kept(settled, directory, monkeypatch):
    monkeypatch.setattr("entrasim.transport.lending.MOST_BYTES", 1_000)
    settled.round("users", [user("ada", city="x" * 2_000)])

    assert "longer than 1,000 bytes" in await told(directory)


async def test_delta_link_to_another_host_is_never_kept(settled, directory):
    page = {"value": [], "@odata.deltaLink": "https://elsewhere.example/v1.0/users/delta?a=b"}
    settled.troubles["/users/delta"] = [JSONResponse(page)]

    assert "gave a link to another host" in await told(directory)


async def test_redirection_is_not_followed(settled, directory):
    there = f"{settled.base_url}/groups/delta"
    settled.troubles["/users/delta"] = [Response(status_code=302, headers={"Location": there})]

    assert "Graph answered 302" in await told(directory)
    assert len(settled.asked("/groups/delta")) == 1


@pytest.mark.parametrize(
    "link", ["", "/users/delta", "http://[", "http://127.0.0.1:x/v1.0", "{0}\x07"]
)
async def test_link_that_is_none_is_a_source_error(settled, directory, link):
    page = {"value": [], "@odata.nextLink": link.format(f"{settled.base_url}/users/delta?a=")}
    settled.troubles["/users/delta"] = [JSONResponse(page)]

    assert await told(directory)
