"""A relay in front of a real target, on real sockets, that meddles with chosen requests."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass, field


@dataclass
class Request:
    """A request as it arrived."""

    head: bytes
    body: bytes
    reader: asyncio.StreamReader

    @property
    def method(self):
        return self.head.split()[0].decode()


def answer(status, body=b"", *headers, kind="application/scim+json"):
    """The bytes of an answer."""
    lines = [f"HTTP/1.1 {status} .", f"Content-Type: {kind}", "Connection: close", *headers]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


@dataclass
class FaultyWire:
    """Relays; requests of one method meet a fault, as long as there is one.

    A fault is given the wire, the request and the writer of its connection.
    """

    upstream: int
    fault: object = None
    method: str = "POST"
    spare: int = 0  # so many pass before the fault
    port: int = 0
    met: list = field(default_factory=list)
    _server: asyncio.Server = None

    async def start(self):
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self):
        self._server.close()
        await self._server.wait_closed()

    def refuse(self):
        """Listen no more."""
        self._server.close()

    async def relay(self, request):
        """Have the target answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        head = request.head.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
        writer.write(head + request.body)
        answered = await reader.read()
        writer.close()
        return answered

    async def _take(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                lengths = [h for h in head.split(b"\r\n") if h.startswith(b"Content-Length:")]
                body = await reader.readexactly(int(lengths[0][15:]) if lengths else 0)
                request = Request(head, body, reader)
                if self._meets_fault(request):
                    await self.fault(self, request, writer)
                else:
                    writer.write(await self.relay(request))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _meets_fault(self, request):
        if self.fault is None or request.method != self.method:
            return False
        self.met.append(request)
        return len(self.met) > self.spare


def answers(*arguments, **options):
    """Answers instead of the target."""
    raw = answer(*arguments, **options)

    async def fault(_wire, _request, writer):
        writer.write(raw)

    return fault


def says(raw):
    """Says something that is no answer, and hangs up."""

    async def fault(_wire, _request, writer):
        writer.write(raw)
        await writer.drain()
        writer.close()

    return fault


async def reset(_wire, _request, writer):
    """Breaks off before the target learns of the request."""
    writer.transport.abort()


async def lose_answer(wire, request, writer):
    """Breaks off when the target has done it."""
    await wire.relay(request)
    writer.transport.abort()


async def lose_half_the_answer(wire, request, writer):
    """Breaks off in the middle of the answer."""
    answered = await wire.relay(request)
    writer.write(answered[:-20])
    await writer.drain()
    writer.close()


async def hang(_wire, request, _writer):
    """Never answers."""
    await request.reader.read()


async def drip(_wire, _request, writer):
    """Answers a byte at a time, without end."""
    writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 100000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def flood(_wire, _request, writer):
    """Answers without end, as fast as it can."""
    writer.write(b"HTTP/1.1 201 Created\r\n\r\n")
    while not writer.is_closing():
        writer.write(bytes(1_000_000))
        await writer.drain()


async def stop_listening(wire, request, writer):
    """Answers, and can't be reached any more."""
    answered = await wire.relay(request)
    wire.refuse()
    writer.write(answered)
    await writer.drain()
    writer.close()


def bomb():
    """A small answer that unpacks to a huge one."""
    return answers(201, gzip.compress(bytes(64_000_000)), "Content-Encoding: gzip")
