"""What ends a request without an answer, and whether it may have arrived."""

from __future__ import annotations

import asyncio
import gzip
import socket
import traceback

import pytest

from entrasim.errors import ConfigurationError
from entrasim.transport import NoAnswerError, NotSentError, TlsError, UntrustedServerError

SECRET = {"Authorization": "Bearer s3cret"}


async def read_request(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        (int(h[15:]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:")), 0
    )
    return await reader.readexactly(length)


async def close_after_request(reader, writer):
    await read_request(reader)
    writer.transport.abort()


async def hang(reader, _writer):
    await reader.read()


def answering(raw):
    async def answer(reader, writer):
        await read_request(reader)
        writer.write(raw)
        await writer.drain()

    return answer


async def failure_of(client, port, method="POST", scheme="http", path="/"):
    url = f"{scheme}://127.0.0.1:{port}{path}"
    try:
        await client.send(method, url, SECRET, b"{}")
    except (NotSentError, NoAnswerError) as error:
        return error
    return None


async def test_refused_connection_was_never_sent(client_of):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound, but nobody listens
        client = client_of()

        error = await failure_of(client, held.getsockname()[1])

    assert isinstance(error, NotSentError)
    assert str(error) == "connection refused"
    assert client.sent["POST"] == 0


async def test_unknown_host_was_never_sent(client_of):
    client = client_of()

    with pytest.raises(NotSentError):
        await client.send("POST", "http://nobody.invalid/", SECRET)


async def test_connection_that_takes_too_long_was_never_sent(client_of, serve):
    port = await serve(hang)  # takes the connection, and never answers the TLS greeting
    client = client_of(seconds=0.6)

    error = await failure_of(client, port, scheme="https")

    assert isinstance(error, NotSentError)


async def test_url_too_long_to_be_one_was_never_sent(client_of):
    client = client_of()

    error = await failure_of(client, 1, path="/" + "a" * 70_000)

    assert isinstance(error, NotSentError)


async def test_connection_reset_after_the_request_may_have_arrived(client_of, serve):
    client = client_of()

    error = await failure_of(client, await serve(close_after_request))

    assert isinstance(error, NoAnswerError)
    assert client.sent["POST"] == 1


async def test_answer_that_does_not_come_may_have_arrived(client_of, serve):
    client = client_of(seconds=0.6)

    error = await failure_of(client, await serve(hang))

    assert isinstance(error, NoAnswerError)
    assert str(error) == "no answer in time"


async def test_answer_that_drips_is_bounded_by_the_whole_time(client_of, serve):
    async def drip(reader, writer):
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.02)

    client = client_of(seconds=0.6)

    error = await failure_of(client, await serve(drip))

    assert isinstance(error, NoAnswerError)
    assert str(error) == "no answer in time"


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 two-hundred OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        b"",
    ],
)
async def test_answer_that_is_no_http_may_have_arrived(client_of, serve, raw):
    client = client_of()

    error = await failure_of(client, await serve(answering(raw)))

    assert isinstance(error, NoAnswerError)
    assert "Error" not in str(error)  # no class of a library is quoted


async def test_huge_answer_is_refused(client_of, serve):
    async def endless(reader, writer):
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(bytes(1_000_000))
            await writer.drain()

    client = client_of(seconds=60)

    error = await failure_of(client, await serve(endless))

    assert str(error) == "the answer is longer than 16,777,216 bytes"


async def test_answer_that_unpacks_to_a_huge_one_is_refused(client_of, serve):
    packed = gzip.compress(bytes(64_000_000))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    client = client_of(seconds=60)

    error = await failure_of(client, await serve(answering(head.encode() + packed)))

    assert str(error) == "the answer is longer than 16,777,216 bytes"


async def test_untrusted_certificate_is_refused(client_of, serve, server_tls):
    port = await serve(hang, tls=server_tls)
    client = client_of()

    error = await failure_of(client, port, scheme="https")

    assert isinstance(error, UntrustedServerError)
    assert "self-signed certificate" in str(error) or "unable to get local issuer" in str(error)


async def test_https_where_http_is_spoken_finds_no_tls(client_of, serve):
    async def plain(reader, writer):
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    client = client_of()
    port = await serve(plain)

    error = await failure_of(client, port, scheme="https")

    assert isinstance(error, TlsError)


def test_ca_file_without_a_certificate_is_a_configuration_error(client_of, tmp_path):
    ca_file = tmp_path / "ca.pem"
    ca_file.write_text("no certificate")

    with pytest.raises(ConfigurationError, match=r"ca\.pem"):
        client_of(ca_file=ca_file)


@pytest.mark.parametrize("raw", [b"", b"HTTP/1.1 two-hundred OK\r\n\r\n"])
async def test_error_holds_neither_token_nor_query(client_of, serve, raw):
    client = client_of()
    port = await serve(answering(raw))

    error = await failure_of(client, port, path="/Users?code=k3y")

    told = "".join(traceback.format_exception(error)) + repr(error)
    assert error.__context__ is None
    assert "s3cret" not in told
    assert "k3y" not in told
