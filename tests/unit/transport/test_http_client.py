"""What goes out as it was given, and what comes back."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from entrasim.errors import StoppedError
from entrasim.fan_out import fan_out
from entrasim.transport import NoAnswerError, UntrustedServerError


def conversation(heard, *answers):
    """Answers each request of a connection in turn, the last one for ever; notes the heads."""

    async def behave(reader, writer):
        connection = []
        heard.append(connection)
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            connection.append(head.decode())
            count = sum(map(len, heard))
            writer.write(answers[min(count, len(answers)) - 1])
            await writer.drain()

    return behave


def ok(content=b"{}", *headers):
    lines = ["HTTP/1.1 200 OK", *headers, f"Content-Length: {len(content)}", "", ""]
    return "\r\n".join(lines).encode() + content


async def test_url_and_header_names_go_out_as_they_were_given(client_of, serve):
    heard = []
    port = await serve(conversation(heard, ok()))
    path = "/a%2fb/%2e%2e?q=a%2bb+%22c%40d%27!*()%7e"

    await client_of().send("GET", f"http://127.0.0.1:{port}{path}", {"adsCimVersion": "1"})

    line, host, header, *rest = heard[0][0].split("\r\n")
    assert line == f"GET {path} HTTP/1.1"
    assert (host, header, rest) == (f"Host: 127.0.0.1:{port}", "adsCimVersion: 1", ["", ""])


async def test_connection_is_kept_alive(client_of, serve):
    heard = []
    port = await serve(conversation(heard, ok()))
    client = client_of()

    for _ in range(3):
        await client.send("GET", f"http://127.0.0.1:{port}/", {})

    assert [len(connection) for connection in heard] == [3]
    assert client.sent == {"GET": 3}


async def test_cookies_are_forgotten(client_of, serve):
    heard = []
    port = await serve(conversation(heard, ok(b"{}", "Set-Cookie: session=1")))
    client = client_of()

    await client.send("GET", f"http://127.0.0.1:{port}/", {})
    await client.send("GET", f"http://127.0.0.1:{port}/", {})

    assert "cookie" not in heard[0][1].lower()


async def test_redirect_is_handed_back(client_of, serve):
    heard = []
    found = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    port = await serve(conversation(heard, found))

    answer = await client_of().send("GET", f"http://127.0.0.1:{port}/", {})

    assert (answer.status, answer.headers["location"]) == (302, "/elsewhere")
    assert len(heard[0]) == 1


async def test_packed_answer_is_unpacked(client_of, serve):
    packed = ok(gzip.compress(b'{"id": "1"}'), "Content-Encoding: gzip")
    port = await serve(conversation([], packed))

    answer = await client_of().send("GET", f"http://127.0.0.1:{port}/", {})

    assert answer.content == b'{"id": "1"}'


async def test_post_is_not_repeated_on_a_connection_that_died(client_of, serve):
    heard = []

    async def once(reader, writer):
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(ok())
        await writer.drain()
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.transport.abort()

    port = await serve(once)
    client = client_of()
    await client.send("POST", f"http://127.0.0.1:{port}/", {})

    with pytest.raises(NoAnswerError):
        await client.send("POST", f"http://127.0.0.1:{port}/", {})

    assert len(heard) == 2


async def test_no_more_than_the_concurrency_at_a_time(client_of, serve):
    running, most = 0, 0

    async def behave(reader, writer):
        nonlocal running, most
        while True:
            await reader.readuntil(b"\r\n\r\n")
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.01)
            running -= 1
            writer.write(ok())
            await writer.drain()

    url = f"http://127.0.0.1:{await serve(behave)}/"
    client = client_of(concurrency=3)

    await asyncio.gather(*(client.send("GET", url, {}) for _ in range(12)))

    assert most == 3


async def test_waiting_for_a_turn_is_not_on_the_clock(client_of, serve):
    async def behave(reader, writer):
        while True:
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(0.25)
            writer.write(ok())
            await writer.drain()

    url = f"http://127.0.0.1:{await serve(behave)}/"
    client = client_of(seconds=0.8, concurrency=1)

    answers = await asyncio.gather(*(client.send("GET", url, {}) for _ in range(4)))

    assert {answer.status for answer in answers} == {200}


async def test_own_ca_is_trusted(client_of, serve, certificates, server_tls):
    port = await serve(conversation([], ok()), tls=server_tls)
    client = client_of(ca_file=certificates.ca)

    answer = await client.send("GET", f"https://127.0.0.1:{port}/", {})

    assert answer.status == 200


async def test_certificate_of_another_host_is_refused(client_of, serve, certificates, server_tls):
    port = await serve(conversation([], ok()), tls=server_tls)
    client = client_of(ca_file=certificates.ca)

    with pytest.raises(UntrustedServerError, match="Hostname mismatch"):
        await client.send("GET", f"https://localhost:{port}/", {})


async def test_who_queues_when_the_others_end_is_not_sent(client_of, serve):
    heard = []
    url = f"http://127.0.0.1:{await serve(conversation(heard, ok()))}/"
    client, ends = client_of(concurrency=1), []

    async def work(subject):
        try:
            await client.send("GET", url, {})
        except StoppedError as error:
            ends.append((subject, str(error)))
            raise
        raise LookupError

    with pytest.raises(LookupError):
        await fan_out(["sent", "queued"], work, width=2)

    assert client.sent == {"GET": 1}
    assert ends == [("queued", "the cycle was asked to stop; the next one goes on")]
