"""A Graph on a socket, a directory that reads it, and no time that passes."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_graph import PRINCIPAL, TOKEN, FakeGraph

from entrasim.config import load_schema
from entrasim.directory.graph import GraphDirectory, GraphSource
from entrasim.directory.graph.directory import patient
from entrasim.engine.needs import attributes_read
from entrasim.serving import AsgiServer


@pytest.fixture
async def graph():
    fake = FakeGraph()
    async with AsgiServer(fake.application()) as server:
        fake.url = server.url
        yield fake


@pytest.fixture
def schema():
    return load_schema("engagedly", Path()).schema


@pytest.fixture
def slept():
    """The seconds that were slept."""
    return []


@pytest.fixture
async def directory_of(graph, schema, slept):
    """Makes directories; what they waited is in `slept`."""
    opened = []

    async def sleep(seconds):
        slept.append(seconds)

    def make(*, stopping=lambda: False, **settings):
        known = {
            "place": "jobs.engagedly.directory",
            "base_url": graph.base_url,
            "scope": "https://127.0.0.1/.default",
            "tenant_id": "contoso",
            "credential": "token",
            "token": TOKEN,
            "service_principal_id": PRINCIPAL,
        }
        source = GraphSource(**{**known, **settings})
        patience = patient(stopping, sleep=sleep)
        made = GraphDirectory(source, attributes_read(schema), patience=patience, stopping=stopping)
        opened.append(made)
        return made

    yield make
    for directory in opened:
        await directory.close()


@pytest.fixture
def directory(directory_of):
    return directory_of()
