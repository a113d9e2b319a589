"""Clients that are closed when their test is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from entrasim.transport import HttpClient

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
async def client_of():
    clients = []

    def make(seconds=10.0, **options):
        options = {"concurrency": 4, **options}
        client = HttpClient.connect(timeout=timedelta(seconds=seconds), **options)
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.close()
