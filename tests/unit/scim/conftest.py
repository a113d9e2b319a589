"""A target whose server answers each request with the next of some raw answers."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from entrasim.model.dialect import ENTRA
from entrasim.model.entry import ObjectType
from entrasim.model.schema import (
    AttributeDefinition,
    AttributeMapping,
    AttributeType,
    ObjectDefinition,
    ObjectMapping,
    Schema,
)
from entrasim.scim import ScimTarget, TenantUrl
from entrasim.transport import HttpClient

TOKEN = "t0ken/with+signs"
MANAGER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"


@pytest.fixture
def schema():
    names = ("userName", "active", MANAGER)
    users = ObjectMapping(
        name="Users",
        enabled=True,
        object_type=ObjectType.USER,
        target_object="User",
        attributes=tuple(
            AttributeMapping(target_attribute=name, expression=None, matching_priority=int(not n))
            for n, name in enumerate(names)
        ),
    )
    definitions = (
        AttributeDefinition(name="active", type=AttributeType.BOOLEAN),
        AttributeDefinition(name=MANAGER, type=AttributeType.REFERENCE),
    )
    return Schema(
        id="s",
        version="Date:2026-01-15T09:30:00.1234567Z, ActivityId:0f8fad5b",
        rule_id="r",
        mappings=(users,),
        target_objects={"User": ObjectDefinition(name="User", attributes=definitions)},
        fingerprint="f",
    )


@pytest.fixture
def raw():
    """An answer's bytes, from its status, its body (a text, or what becomes JSON) and headers."""

    def put(status, body="", *headers, kind="application/scim+json"):
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        lines = [f"HTTP/1.1 {status} .", f"Content-Type: {kind}", *headers]
        return "\r\n".join([*lines, f"Content-Length: {len(content)}", "", ""]).encode() + content

    return put


@pytest.fixture
async def answering(schema):
    """Makes a target from raw answers; the last one is given for ever, b"" breaks off."""
    opened, servers = [], []

    async def make(*answers, dialect=ENTRA, query="", scheme="http", seconds=10.0, **options):
        waiting = list(answers)

        async def take(reader, writer):
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = [h for h in head.split(b"\r\n") if h.startswith(b"Content-Length:")]
                await reader.readexactly(int(length[0][15:]) if length else 0)
                answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
                if not answer:
                    break
                writer.write(answer)
            writer.close()

        async def forgiving(reader, writer):
            try:
                await take(reader, writer)
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()

        server = await asyncio.start_server(forgiving, "127.0.0.1", 0)
        servers.append(server)
        port = server.sockets[0].getsockname()[1]
        target = ScimTarget(
            tenant_url=TenantUrl.parse(f"{scheme}://127.0.0.1:{port}/scim/v2{query}"),
            token=TOKEN,
            schema=schema,
            dialect=dialect,
            client=HttpClient.connect(timeout=timedelta(seconds=seconds), concurrency=2),
            **options,
        )
        opened.append(target)
        return target

    yield make
    for target in opened:
        await target.close()
    for server in servers:
        server.close()
        await server.wait_closed()
