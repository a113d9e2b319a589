"""Each fault as the real client meets it on a real socket."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from entrasim.serving import AsgiServer
from entrasim.testing.faults import (
    Close,
    Cut,
    Delay,
    Drip,
    Faults,
    Huge,
    LateAnswer,
    LostAnswer,
    Redirect,
    Reset,
    Status,
    WrongBody,
)
from entrasim.transport import HttpClient, NoAnswerError

SECOND = timedelta(seconds=1)


async def failure_of(request):
    with pytest.raises(NoAnswerError) as raised:
        await request
    return str(raised.value)


async def test_status_is_answered_and_nothing_is_carried_out(failing):
    target = await failing(Status(503))

    answer = await target.create()

    assert answer.status == 503
    assert answer.headers["content-type"] == "application/scim+json"
    assert json.loads(answer.content)["status"] == "503"
    assert target.engagedly.employees() == []


async def test_status_after_the_request_was_carried_out(failing):
    target = await failing(Status(504, carried_out=True, body="gateway"))

    answer = await target.create()

    assert (answer.status, answer.content) == (504, b"gateway")
    assert len(target.engagedly.employees()) == 1


async def test_status_without_a_body_says_none(failing):
    target = await failing(Status(204))

    answer = await target.search()

    assert (answer.status, answer.content) == (204, b"")
    assert "content-length" not in answer.headers


async def test_retry_after_in_seconds_is_rounded_up(failing):
    target = await failing(Status(429, retry_after=1.5 * SECOND, headers={"X-Why": "quota"}))

    answer = await target.search()

    assert answer.headers["retry-after"] == "2"
    assert answer.headers["x-why"] == "quota"


async def test_retry_after_as_a_date_is_so_far_ahead(failing):
    target = await failing(Status(429, retry_after=3600 * SECOND, retry_after_as="date"))

    answer = await target.search()

    ahead = parsedate_to_datetime(answer.headers["retry-after"]) - datetime.now(UTC)
    assert timedelta(minutes=59) < ahead <= timedelta(hours=1)


async def test_redirect_names_the_same_path_elsewhere(failing):
    target = await failing(Redirect("http://elsewhere.test/", status=302))

    answer = await target.send("GET", "/Users?filter=userName+eq+%22a%26b%22")

    assert answer.status == 302
    location = "http://elsewhere.test/scim/v2/Users?filter=userName+eq+%22a%26b%22"
    assert answer.headers["location"] == location


@pytest.mark.parametrize(
    ("rule", "told"),
    [(Reset(), "the connection was broken off"), (Close(), "the connection was closed")],
)
async def test_connection_that_ends_before_anything_is_carried_out(failing, rule, told):
    target = await failing(rule)

    failure = await failure_of(target.create())

    assert failure == told
    assert target.engagedly.employees() == []


async def test_reset_is_one_on_the_wire(failing):
    target = await failing(Reset())
    reader, writer = await asyncio.open_connection("127.0.0.1", target.server.port)

    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")

    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()


async def test_close_is_an_end_without_a_word_on_the_wire(failing):
    target = await failing(Close())
    reader, writer = await asyncio.open_connection("127.0.0.1", target.server.port)

    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")

    assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize(
    ("ending", "told"),
    [("reset", "the connection was broken off"), ("close", "the connection was closed")],
)
async def test_lost_answer_is_to_a_request_that_was_carried_out(failing, ending, told):
    target = await failing(LostAnswer(ending))

    failure = await failure_of(target.create())

    assert failure == told
    assert len(target.engagedly.employees()) == 1


@pytest.mark.parametrize("ending", ["reset", "close"])
async def test_cut_answer_is_no_answer(failing, ending):
    target = await failing(Cut(ending))

    failure = await failure_of(target.create())

    assert failure
    assert len(target.engagedly.employees()) == 1


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("no_json", b"<!doctype html><title>Welcome</title><p>Please sign in.</p>"),
        ("other_json", b'{"message": "Welcome", "items": [1, 2, 3]}'),
        ("empty", b""),
    ],
)
async def test_wrong_body_comes_under_the_right_status(failing, kind, body):
    target = await failing(WrongBody(kind))

    answer = await target.create()

    assert (answer.status, answer.content) == (201, body)
    assert len(target.engagedly.employees()) == 1


async def test_truncated_body_is_the_beginning_of_the_right_one(failing):
    target = await failing(WrongBody("truncated", times=1))

    broken = await target.search()
    whole = await target.search()

    assert whole.content.startswith(broken.content)
    assert 0 < len(broken.content) < len(whole.content)


async def test_wrong_body_of_an_answer_without_one_has_a_status_that_can_have_one(failing):
    target = await failing(WrongBody(methods=("DELETE",)))
    known = json.loads((await target.create()).content)["id"]

    answer = await target.send("DELETE", f"/Users/{known}")

    assert answer.status == 200
    assert b"sign in" in answer.content
    assert target.engagedly.resources() == []


async def test_huge_answer_is_more_than_the_client_takes(failing):
    target = await failing(Huge())

    failure = await failure_of(target.search())

    assert failure == "the answer is longer than 16,777,216 bytes"


async def test_padded_answer_says_the_same(failing):
    target = await failing(Huge(200_000, times=1))

    padded = await target.search()
    plain = await target.search()

    assert len(padded.content) == 200_000
    assert json.loads(padded.content) == json.loads(plain.content)


async def test_dripping_answer_comes_whole_to_the_patient(failing, naps):
    target = await failing(Drip(SECOND, 7, times=1))

    dripped = await target.search()
    plain = await target.search()

    assert dripped == plain
    assert naps.seconds == [1.0] * -(-len(plain.content) // 7)


async def test_dripping_answer_is_none_to_the_impatient(failing, naps):
    naps.lasting = True
    target = await failing(Drip(SECOND), seconds=1.0)

    failure = await failure_of(target.search())

    assert failure == "no answer in time"


async def test_delays_add_up_before_the_answer(failing, naps):
    target = await failing(Delay(SECOND), Delay(2 * SECOND))

    answer = await target.create()

    assert answer.status == 201
    assert naps.seconds == [3.0]


async def test_delayed_request_of_an_impatient_client_is_not_carried_out(failing, naps):
    naps.lasting = True
    target = await failing(Delay(60 * SECOND), seconds=1.0)

    failure = await failure_of(target.create())
    await target.server.stop()

    assert failure == "no answer in time"
    assert target.engagedly.employees() == []


async def test_late_answer_is_to_a_request_that_was_carried_out(failing, naps):
    naps.lasting = True
    target = await failing(LateAnswer(60 * SECOND), seconds=1.0)

    failure = await failure_of(target.create())

    assert failure == "no answer in time"
    assert len(target.engagedly.employees()) == 1


async def test_late_answer_reaches_the_patient(failing, naps):
    target = await failing(LateAnswer(60 * SECOND))

    answer = await target.create()

    assert answer.status == 201
    assert naps.seconds == [60.0]


async def test_delay_is_followed_by_the_fault_below_it(failing, naps):
    target = await failing(Delay(SECOND), Status(500))

    answer = await target.search()

    assert answer.status == 500
    assert naps.seconds == [1.0]


async def test_application_of_ones_own_hears_what_was_sent():
    arrived = bytearray()

    async def endpoint(scope, receive, send):
        more = True
        while more:
            message = await receive()
            arrived.extend(message["body"])
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

    body = bytes(range(256)) * 4_000
    client = HttpClient.connect(timeout=30 * SECOND, concurrency=1)
    async with AsgiServer(Faults([Status(500, times=1)]).around(endpoint)) as server:
        refused = await client.send("POST", f"{server.url}/mine", {}, body)
        answer = await client.send("POST", f"{server.url}/mine", {}, body)
        await client.close()

    assert (refused.status, answer.content) == (500, b"/mine")
    assert bytes(arrived) == body


async def test_body_that_is_too_long_to_keep_reaches_the_application_in_parts():
    lengths = []
    parts = [{"type": "http.request", "body": bytes(2**20), "more_body": n > 0} for n in range(20)]

    async def receive():
        return parts.pop()

    async def endpoint(_scope, hear, _send):
        more = True
        while more:
            message = await hear()
            lengths.append(len(message["body"]) // 2**20)
            more = message["more_body"]

    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b""}
    await Faults([Status(500, sent="nothing")]).around(endpoint)(scope, receive, None)

    assert lengths == [16, 1, 1, 1, 1]


async def test_breaking_off_needs_a_server_that_hands_out_its_connections():
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b""}
    with pytest.raises(RuntimeError, match=r"entrasim\.serving\.AsgiServer"):
        await Faults([Reset()]).around(None)(scope, receive, None)
