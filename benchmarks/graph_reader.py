"""Read users' delta by the source's own code or by a bare reader, in a process of its own.

    python -m benchmarks.graph_reader source|bare ADDRESS [LINK]

Prints one JSON object: how many users came, and what that cost this process.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import msgspec

SELECT = (
    "accountEnabled,city,country,department,displayName,employeeId,givenName,jobTitle,mail,manager,"
    "mailNickname,mobilePhone,officeLocation,postalCode,preferredLanguage,state,streetAddress,"
    "surname,userPrincipalName"
)

Read = tuple[int, str]
"""How many users came, and the link to what will have changed."""


async def by_source(address: str, link: str | None) -> Callable[[], Awaitable[Read]]:
    """The source's round of users, each of them read into a change of an entry."""
    from entrasim.directory.graph.client import GraphClient  # noqa: PLC0415 - this side's alone
    from entrasim.directory.graph.deltas import DeltaRound  # noqa: PLC0415 - likewise
    from entrasim.directory.graph.directory import patient  # noqa: PLC0415 - likewise
    from entrasim.directory.graph.source import GraphSource  # noqa: PLC0415 - likewise
    from entrasim.directory.graph.watermark import Asked  # noqa: PLC0415 - likewise
    from entrasim.model.entry import ObjectType  # noqa: PLC0415 - likewise

    source = GraphSource(
        place="benchmark",
        base_url=f"{address}/v1.0",
        scope=f"{address}/.default",
        tenant_id="benchmark",
        credential="token",
        token="benchmark",  # noqa: S106 - nobody's secret
    )
    asked = Asked(
        base_url=source.base_url,
        service_principal="",
        managers="delta",
        users=tuple(SELECT.split(",")),
        groups=(),
    )
    client = GraphClient.connect(source, patience=patient(), stopping=lambda: False)

    async def read() -> Read:
        told = DeltaRound(client, ObjectType.USER, asked, link)
        users = [1 async for _ in told.changes()]
        await client.close()
        return len(users), told.delta_link

    return read


async def bare(address: str, link: str | None) -> Callable[[], Awaitable[Read]]:
    """The same pages by plain httpx and msgspec."""
    first = link or f"{address}/v1.0/users/delta?$select={SELECT}"

    async def read() -> Read:
        users, following = 0, first
        async with httpx.AsyncClient(timeout=100) as client:
            while True:
                answer = await client.get(following, headers={"Prefer": "odata.maxpagesize=999"})
                page = msgspec.json.decode(answer.raise_for_status().content)
                users += len(page["value"])
                if "@odata.deltaLink" in page:
                    return users, page["@odata.deltaLink"]
                following = page["@odata.nextLink"]

    return read


async def measured(side: str, address: str, link: str | None) -> dict[str, object]:
    """Read once; what was imported before is not counted."""
    read = await (by_source if side == "source" else bare)(address, link)
    at_rest = peak()
    began, cpu = time.perf_counter(), time.process_time()
    users, following = await read()
    return {
        "users": users,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "restMiB": at_rest,
        "peakMiB": peak(),
        "link": following,
    }


def peak() -> float:
    """The most memory this process has had so far, in mebibytes.

    Linux counts what the parent had, too, in `ru_maxrss`, and not in the process's status.
    """
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s*(\d+)", status.read_text(encoding="utf-8"))
        if found:
            return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    found = measured(sys.argv[1], sys.argv[2], sys.argv[3] if sys.argv[3:] else None)
    print(json.dumps(asyncio.run(found)))
