"""What a server bears of one client, on real sockets."""

from __future__ import annotations

import asyncio
import ssl
from datetime import timedelta

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from entrasim.protection.bounds import Bounded, Bounds
from entrasim.protection.depth import DEEPEST, too_deep
from entrasim.protection.heads import ImpatientProtocol
from entrasim.serving import AsgiServer

BRIEF = timedelta(milliseconds=200)


async def echo(scope, receive, send):
    body = await Request(scope, receive).body()
    await PlainTextResponse(f"{len(body)} bytes")(scope, receive, send)


def refuse(status, message, headers):
    return PlainTextResponse(message, status, headers)


def served(app=echo, **bounds):
    return AsgiServer(Bounded(app, refuse, Bounds(**bounds)))


async def test_body_of_the_most_bytes_is_taken():
    async with served(most_bytes=1000) as server, httpx.AsyncClient() as client:
        answer = await client.post(server.url, content=b"x" * 1000)

    assert answer.text == "1000 bytes"


@pytest.mark.parametrize("length", [1001, 10_000, 3_000_000])
async def test_longer_body_is_refused_whether_its_length_is_told_or_not(length):
    async def parts():
        for start in range(0, length, 1000):
            yield b"x" * min(1000, length - start)

    most = 1000 if length < 20_000 else 250_000
    async with served(most_bytes=most) as server, httpx.AsyncClient() as client:
        told = await client.post(server.url, content=b"x" * length)
        untold = await client.post(server.url, content=parts())

    assert (told.status_code, untold.status_code) == (413, 413)
    assert "bytes at most" in told.text


async def test_body_that_drips_is_refused():
    async with served(patience=BRIEF) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx")
        answer = await reader.read()
        writer.close()

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"the body took too long" in answer


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: loc"])
async def test_connection_whose_head_does_not_come_is_closed(begun, monkeypatch):
    monkeypatch.setattr(ImpatientProtocol, "patience", BRIEF)
    async with served() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(begun)
        answer = await reader.read()
        writer.close()

    assert answer == b""


async def test_head_that_drips_is_not_waited_for_anew_with_each_letter(monkeypatch):
    monkeypatch.setattr(ImpatientProtocol, "patience", BRIEF)
    async with served() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\nX: ")
        answer = asyncio.create_task(reader.read())
        while not answer.done():
            writer.write(b"x")
            await asyncio.wait([answer], timeout=BRIEF.total_seconds() / 10)
        (ended,) = await asyncio.gather(answer, return_exceptions=True)
        writer.close()

    assert ended == b"" or isinstance(ended, ConnectionResetError)


async def test_connection_that_asks_in_time_is_kept(monkeypatch):
    monkeypatch.setattr(ImpatientProtocol, "patience", BRIEF)
    over = asyncio.Event()

    async def slow(scope, receive, send):
        asyncio.get_running_loop().call_later(2 * BRIEF.total_seconds(), over.set)
        await over.wait()
        await echo(scope, receive, send)

    async with served(slow) as server, httpx.AsyncClient() as client:
        answer = await client.get(server.url)

    assert answer.text == "0 bytes"


async def test_dripping_head_is_cut_off_over_tls_as_well(monkeypatch, server_tls, certificates):
    monkeypatch.setattr(ImpatientProtocol, "patience", BRIEF)
    trust = ssl.create_default_context(cafile=certificates.ca)

    async with AsgiServer(echo, tls=server_tls) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, ssl=trust)
        writer.write(b"GET / HT")
        rest = await reader.read()
        writer.close()

    assert rest == b""


async def test_endless_head_is_refused():
    async with served() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\n" + b"X: " + b"x" * 1_000_000)
        answer = await reader.read(20)
        writer.close()

    assert answer.startswith(b"HTTP/1.1 400 ")


async def test_one_request_too_many_is_told_to_come_again():
    gate, arrived = asyncio.Event(), asyncio.Event()

    async def waiting(scope, receive, send):
        arrived.set()
        await gate.wait()
        await echo(scope, receive, send)

    async with served(waiting, at_once=1) as server, httpx.AsyncClient() as client:
        first = asyncio.create_task(client.get(server.url))
        await arrived.wait()
        second = await client.get(server.url)
        gate.set()
        third = await client.get(server.url)

    assert (second.status_code, second.headers["retry-after"]) == (503, "1")
    assert ((await first).status_code, third.status_code) == (200, 200)


async def test_client_that_goes_away_in_its_body_leaves_its_place():
    gone = asyncio.Event()

    async def watched(scope, receive, send):
        await bounded(scope, receive, send)
        gone.set()

    bounded = Bounded(echo, refuse, Bounds(at_once=1))
    async with AsgiServer(watched) as server, httpx.AsyncClient() as client:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx")
        writer.close()
        await gone.wait()
        answer = await client.get(server.url)

    assert answer.text == "0 bytes"


@pytest.mark.parametrize("depth", [0, 1, DEEPEST, DEEPEST + 1, 900])
def test_depth_of_json_is_bounded(depth):
    nested = {}
    for _ in range(depth):
        nested = {"a": [], "b": 1, "c": nested} if depth % 2 else [nested, "x"]

    assert too_deep(nested) == (depth > DEEPEST)
