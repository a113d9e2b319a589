"""Notices by webhook: what is posted, and what its failures tell and don't tell."""

from __future__ import annotations

import asyncio
import socket
import traceback

import pytest
from receivers import Receiver, a_notice, failure_of

from entrasim.model.notice import NoticeKind
from entrasim.notify import Channels
from entrasim.serving import AsgiServer


async def hang(reader, _writer):
    await reader.read()


async def test_notice_is_posted_as_the_document_that_is_promised(receiver, webhook_to):
    notice = a_notice()

    await webhook_to(f"{receiver.url}/hook").deliver(notice)

    [(headers, document)] = receiver.calls
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("entrasim/")
    assert "authorization" not in headers
    assert document == {
        "id": notice.id,
        "jobId": "engagedly",
        "event": "quarantineBegan",
        "reason": "TooManyDeletes",
        "message": "612 would leave at once, more than the 500 allowed",
        "beganAt": "2026-11-25T09:20:00Z",
        "nextAttempt": "2026-11-25T10:40:00Z",
        "cycleId": "c1",
    }


async def test_what_is_not_known_is_null(receiver, webhook_to):
    notice = a_notice(kind=NoticeKind.JOB_DISABLED, next_attempt_at=None, cycle_id=None)

    await webhook_to(receiver.url).deliver(notice)

    document = receiver.calls[0][1]
    assert document["event"] == "jobDisabled"
    assert (document["nextAttempt"], document["cycleId"]) == (None, None)


async def test_token_is_sent_as_a_bearer_token(receiver, webhook_to):
    await webhook_to(receiver.url, token="s3cret").deliver(a_notice())

    assert receiver.calls[0][0]["authorization"] == "Bearer s3cret"


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_any_success_says_that_it_was_taken(receiver, webhook_to, status):
    receiver.status = status

    assert await failure_of(webhook_to(receiver.url)) is None


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
async def test_any_other_answer_is_a_failure_that_names_host_and_status(
    receiver, webhook_to, status
):
    receiver.status = status

    error = await failure_of(webhook_to(receiver.url))

    assert str(error) == f"webhook: 127.0.0.1 answered {status}"
    assert error.told == frozenset()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirect_to_another_host_gets_no_token(receiver, webhook_to, status):
    elsewhere = Receiver()
    async with AsgiServer(elsewhere.app) as other:
        receiver.status, receiver.headers = status, {"Location": f"{other.url}/x"}

        error = await failure_of(webhook_to(receiver.url, token="s3cret"))

    assert elsewhere.calls == []
    assert f"answered {status}; redirects are not followed" in str(error)


async def test_receiver_that_is_gone_is_a_failure(webhook_to):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound, but nobody listens

        error = await failure_of(webhook_to(f"http://127.0.0.1:{held.getsockname()[1]}"))

    assert str(error) == "webhook: 127.0.0.1: connection refused"


async def test_receiver_that_does_not_answer_is_given_up(webhook_to, serve):
    port = await serve(hang)

    error = await failure_of(webhook_to(f"http://127.0.0.1:{port}", seconds=0.4))

    assert str(error) == "webhook: 127.0.0.1: no answer in time"


async def test_receiver_is_trusted_by_the_ca_that_was_named_alone(
    webhook_to, serve, server_tls, certificates
):
    async def take(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()

    url = f"https://127.0.0.1:{await serve(take, tls=server_tls)}"

    trusted = await failure_of(webhook_to(url, ca_file=certificates.ca))
    untrusted = await failure_of(webhook_to(url))

    assert trusted is None
    assert "certificate" in str(untrusted)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 two-hundred OK\r\n\r\n"])
async def test_failure_tells_neither_token_nor_path_nor_query(webhook_to, serve, answer):
    async def respond(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    url = f"http://127.0.0.1:{await serve(respond)}/services/p4th?code=k3y"

    error = await failure_of(webhook_to(url, token="s3cret"))

    told = "".join(traceback.format_exception(error)) + repr(error)
    assert not [secret for secret in ("s3cret", "p4th", "k3y") if secret in told]


async def test_answer_that_repeats_the_token_is_not_told(receiver, webhook_to):
    receiver.status = 500

    error = await failure_of(webhook_to(receiver.url, token="s3cret"))

    assert "s3cret" not in str(error)


async def test_notice_told_again_bears_the_same_id(receiver, webhook_to):
    webhook = webhook_to(receiver.url)

    await asyncio.gather(*(webhook.deliver(a_notice(cycle_id=c)) for c in ("c1", "c2")))
    await Channels([webhook]).notify(a_notice(reason="EncounteredQuarantineException"))

    first, second, other = (document["id"] for _, document in receiver.calls)
    assert first == second != other
