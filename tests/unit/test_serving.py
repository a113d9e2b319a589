"""The server beneath every application."""

from __future__ import annotations

import socket

import httpx
from starlette.responses import PlainTextResponse

from entrasim.serving import CONNECTION, AsgiServer


async def _no_delay(scope, receive, send):
    found = scope["state"][CONNECTION].get_extra_info("socket")
    told = found.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    await PlainTextResponse("at once" if told else "later")(scope, receive, send)


async def test_body_does_not_wait_until_its_head_is_acknowledged():
    async with AsgiServer(_no_delay) as server, httpx.AsyncClient() as client:
        answer = await client.get(server.url)

    assert answer.text == "at once"
