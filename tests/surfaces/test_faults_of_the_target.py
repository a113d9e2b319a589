"""Every fault a target may have: what became of the write, and what the operator reads."""

from __future__ import annotations

import asyncio
import re

import pytest
from faulty_wire import (
    FaultyWire,
    answers,
    bomb,
    drip,
    flood,
    hang,
    lose_answer,
    lose_half_the_answer,
    reset,
    says,
    stop_listening,
)

from entrasim.engagedly import Engagedly, EngagedlyServer
from entrasim.errors import CredentialsRefusedError, TargetUnreachableError

ADA = "ada@contoso.com"
INCOMPATIBLE = "SystemForCrossDomainIdentityManagementServiceIncompatible"
BAD_REQUEST = "SystemForCrossDomainIdentityManagementBadRequest"
MAYBE = "; it may have been created all the same"
TOO_LONG = "the answer is longer than 16,777,216 bytes" + MAYBE
BUSY = b'{"detail": "slowly"}'

CREATE = {
    "reset before it was done": (reset, 0, "Timeout", f"the connection was closed{MAYBE}"),
    "reset after it was done": (lose_answer, 1, "Timeout", f"the connection was closed{MAYBE}"),
    "half an answer": (lose_half_the_answer, 1, "Timeout", MAYBE),
    "time-out": (hang, 0, "Timeout", f"no answer in time{MAYBE}"),
    "slow drip": (drip, 0, "Timeout", f"no answer in time{MAYBE}"),
    "no HTTP": (
        says(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        0,
        "Timeout",
        f"no HTTP answer: Bad status line{MAYBE}",
    ),
    "endless answer": (flood, 0, "Timeout", TOO_LONG),
    "compressed bomb": (bomb(), 0, "Timeout", TOO_LONG),
    "a web page": (
        answers(201, b"<html>welcome</html>", kind="text/html"),
        0,
        INCOMPATIBLE,
        "the answer is no SCIM resource: 201 <html>welcome</html>",
    ),
    "404": (answers(404), 0, "InvalidAnchor", r"the target answered 404 \(no body\)"),
    "409": (answers(409, b"taken"), 0, "EntryConflict", "the target answered 409 taken"),
    "412": (answers(412, b"stale"), 0, BAD_REQUEST, "the target answered 412 stale"),
    "413": (answers(413, b"too big"), 0, BAD_REQUEST, "the target answered 413 too big"),
    "429": (answers(429, BUSY), 0, "TooManyRequests", "the target answered 429 .*slowly"),
    "429 with seconds": (
        answers(429, BUSY, "Retry-After: 3600"),
        0,
        "TooManyRequests",
        "the target answered 429 .*slowly.*; it asks to wait 3,600 s",
    ),
    "429 with a date": (
        answers(429, BUSY, "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"),
        0,
        "TooManyRequests",
        "; it asks to wait 0 s",
    ),
    "500": (answers(500, b"oops"), 0, "InternalServerError", "the target answered 500 oops"),
    "502": (answers(502), 0, "InternalServerError", "the target answered 502"),
    "503": (answers(503), 0, "InternalServerError", "the target answered 503"),
    "504": (answers(504), 0, "InternalServerError", "the target answered 504"),
}
"""The fault of a POST, how often the target did it, the code, and the text after the place."""


@pytest.fixture
async def wire(entra, tmp_path):
    """A tenant whose target is behind a faulty wire; nobody in it yet."""
    engagedly = Engagedly(tmp_path / "behind.db")
    async with EngagedlyServer(engagedly) as server:
        wire = FaultyWire(server.port)
        await wire.start()
        token = engagedly.add_connection("x", base_url=server.base_url).token
        address = server.base_url.replace(str(server.port), str(wire.port))
        wire.employees, wire.token, wire.address = engagedly.employees, token, address
        entra.connect(address, token)
        yield wire
        await wire.stop()
    engagedly.close()


def be_brief_with(entra, wire):
    """Take silence for an answer soon, where the fault is that none comes."""
    if wire.fault in {hang, drip}:
        entra.connect(wire.address, wire.token, target={"timeout": "2s"})


def hire(entra, *names):
    for name in names:
        entra.add_user(name)
        entra.assign(name)


@pytest.mark.parametrize("what", CREATE)
async def test_create_that_fails_is_told_and_done_once_by_the_next_try(entra, wire, what):
    wire.fault, done, code, text = CREATE[what]
    be_brief_with(entra, wire)
    hire(entra, ADA)

    failing = await entra.cycle()
    (record,) = entra.log(ADA)
    there = len(wire.employees())
    wire.fault = None
    entra.advance(hours=6)
    healed = await entra.cycle()

    assert (failing.state, failing.counts.escrowed) == ("EntryLevelErrors", 1)
    assert len(wire.met) == 1
    assert there == done
    assert record.error_code == code
    assert re.match(rf"POST {wire.address}/Users: .*{text}", record.error_message)
    assert wire.token not in record.error_message
    assert (healed.state, healed.counts.created) == ("Succeeded", 1 - done)
    assert [employee["email"] for employee in wire.employees()] == [ADA]


async def test_connection_refused_in_the_middle_of_a_cycle_fails_what_could_not_be_sent(
    entra, wire
):
    wire.method, wire.fault, wire.spare = "GET", stop_listening, 1  # the probe passes
    hire(entra, ADA)

    failing = await entra.cycle()
    (record,) = entra.log(ADA)
    wire.fault = None
    await wire.start()
    healed = await entra.cycle()

    assert failing.requests == {"GET": 2}
    assert record.error_code == "WebExceptionProtocolError"
    assert record.error_message.startswith(f"POST {wire.address}/Users: connection refused (")
    assert healed.counts.created == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_redirect_is_not_followed_and_the_other_host_learns_no_token(entra, wire, status):
    heard = []
    other = await asyncio.start_server(lambda *_: heard.append("somebody"), "127.0.0.1", 0)
    port = other.sockets[0].getsockname()[1]
    wire.fault = answers(status, b"", f"Location: http://127.0.0.1:{port}/scim/v2/Users")
    hire(entra, ADA)

    await entra.cycle()
    (record,) = entra.log(ADA)
    other.close()
    await other.wait_closed()

    assert heard == []
    assert wire.employees() == []
    assert record.error_code == INCOMPATIBLE
    assert f"the target answered {status} (no body); redirects are not followed" in (
        record.error_message
    )


@pytest.mark.parametrize("fault", [lose_answer, reset, hang])
async def test_change_whose_answer_is_lost_is_sent_once_a_cycle(entra, wire, fault):
    hire(entra, ADA)
    await entra.cycle()
    entra.set_user(ADA, jobTitle="Lead")
    wire.method, wire.fault = "PATCH", fault
    be_brief_with(entra, wire)

    failing = await entra.cycle()
    record = entra.log(ADA)[-1]
    wire.fault = None
    healed = await entra.cycle()

    assert len(wire.met) == 1
    assert (failing.counts.escrowed, record.error_code) == (1, "Timeout")
    assert record.error_message.startswith(f"PATCH {wire.address}/Users/")
    assert healed.requests.get("PATCH", 0) == (0 if fault is lose_answer else 1)
    assert [employee["job_title"] for employee in wire.employees()] == ["Lead"]


@pytest.mark.parametrize("status", [401, 403])
async def test_token_refused_in_mid_cycle_ends_it_without_a_single_failure(entra, wire, status):
    names = [f"user{number}@contoso.com" for number in range(40)]
    hire(entra, *names)
    wire.fault, wire.spare = answers(status, b"expired"), 10

    with pytest.raises(CredentialsRefusedError) as refused:
        await entra.cycle()
    tried, there, failures = len(wire.met), len(wire.employees()), entra.log()
    wire.fault = None
    healed = await entra.cycle()

    assert str(refused.value) == (
        f"POST {wire.address}/Users: the target answered {status} expired; the cycle ends here "
        "and the next one goes on: check target.token, and what it is allowed to do"
    )
    assert tried <= 10 + 16
    assert there == 10
    assert {record.status for record in failures} == {"success"}
    assert (healed.state, healed.counts.created, len(wire.employees())) == ("Succeeded", 30, 40)


async def test_target_that_speaks_no_tls_is_told_before_any_write(entra, wire):
    hire(entra, ADA)
    entra.connect(f"https://127.0.0.1:{wire.upstream}/scim/v2", wire.token)

    with pytest.raises(TargetUnreachableError, match="no TLS there: does the URL want http"):
        await entra.cycle()

    assert wire.employees() == []
