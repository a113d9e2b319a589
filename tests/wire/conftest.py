"""A socket that writes down what reaches it, byte for byte."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
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

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GUID = "6b4a1b6c-7f0e-4a55-9f0c-2f7d1b1c9e11"
VERSION = "Date:2026-01-15T09:30:00.1234567Z, ActivityId:0f8fad5b-d9cb-469f-a165-70867728950e"


@dataclass
class Recorder:
    """What arrived, as (request line, headers, body), and the answer that everybody gets.

    `most` is how many requests were under way at once; each waits for `patience` turns of
    the loop before it is answered, so that others can come.
    """

    port: int = 0
    answer: bytes = b""
    arrived: list[tuple[str, list[tuple[str, str]], bytes]] = field(default_factory=list)
    now: int = 0
    most: int = 0
    patience: int = 0

    async def take(self, reader, writer):
        while True:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            line, *rest = head.decode("ascii").removesuffix("\r\n\r\n").split("\r\n")
            headers = [tuple(text.split(": ", 1)) for text in rest]
            body = await reader.readexactly(int(dict(headers).get("Content-Length", 0)))
            self.arrived.append((line, headers, body))
            self.now += 1
            self.most = max(self.most, self.now)
            for _ in range(self.patience):
                await asyncio.sleep(0)
            self.now -= 1
            writer.write(self.answer)
        writer.close()


@pytest.fixture
async def recorder():
    found = Recorder()
    server = await asyncio.start_server(found.take, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    yield found
    server.close()
    await server.wait_closed()


@pytest.fixture
async def target_of(recorder):
    opened = []

    def make(dialect=ENTRA, tenant_query="", concurrency=1):
        target = ScimTarget(
            tenant_url=TenantUrl.parse(f"http://127.0.0.1:{recorder.port}/scim/v2/{tenant_query}"),
            token="7f3a-token",
            schema=_schema(),
            dialect=dialect,
            client=HttpClient.connect(timeout=timedelta(seconds=10), concurrency=concurrency),
            new_guid=lambda: GUID,
        )
        opened.append(target)
        return target

    yield make
    for target in opened:
        await target.close()


def _schema():
    return Schema(
        id="s",
        version=VERSION,
        rule_id="r",
        mappings=(_mapping(ObjectType.USER, "userName"), _mapping(ObjectType.GROUP, "displayName")),
        target_objects={
            "User": ObjectDefinition(
                name="User",
                attributes=(
                    AttributeDefinition(name="active", type=AttributeType.BOOLEAN),
                    AttributeDefinition(name=f"{ENTERPRISE}:manager", type=AttributeType.REFERENCE),
                ),
            ),
            "Group": ObjectDefinition(
                name="Group",
                attributes=(
                    AttributeDefinition(
                        name="members", type=AttributeType.REFERENCE, multivalued=True
                    ),
                ),
            ),
        },
        fingerprint="f",
    )


def _mapping(object_type, matching):
    others = {ObjectType.USER: ("active", f"{ENTERPRISE}:manager"), ObjectType.GROUP: ("members",)}
    names = (matching, *others[object_type])
    return ObjectMapping(
        name=object_type.value,
        enabled=True,
        object_type=object_type,
        target_object=object_type.value,
        attributes=tuple(
            AttributeMapping(
                target_attribute=name, expression=None, matching_priority=int(name == matching)
            )
            for name in names
        ),
    )
