"""An initial cycle of N assigned users with managers, against a bare client's same requests.

    python -m benchmarks.initial_cycle [--users N] [--json]

Both sides talk to one target that answers from memory, in turns, in one run; the ratio is
what counts. The bare client sends, by plain httpx and with the same number of requests under
way, the very requests that entrasim sent before.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from benchmarks.apart import running
from entrasim import bootstrap
from entrasim.config import load
from entrasim.engine.cycle import run_cycle
from entrasim.scheduler.clocks import SystemClock
from entrasim.state import SqlStore
from entrasim.transport import Answer, HttpClient

CONCURRENCY = 16
Sent = list[tuple[str, str, dict[str, str], bytes | None]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running("benchmarks.target") as address:
        write_tenant(Path(folder), options.users, address)
        found = asyncio.run(measure(Path(folder), address))
    print(json.dumps(found) if options.json else table(found, options.users))


async def measure(folder: Path, address: str) -> dict[str, float]:
    """Run entrasim, then the bare client, and compare."""
    sent: Sent = []
    began, cpu = time.perf_counter(), time.process_time()
    await cycle(folder, sent, record=False)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    await forget(address)
    await cycle(folder, sent, record=True)
    await forget(address)
    bare_seconds, bare_cpu = await bare(sent)
    count = len(sent)
    return {
        "requests": count,
        "seconds": round(seconds, 2),
        "requestsPerSecond": round(count / seconds),
        "cpuSecondsPer1000Requests": round(cpu / count * 1000, 3),
        "peakMemoryMiB": round(peak),
        "bareSeconds": round(bare_seconds, 2),
        "bareCpuSecondsPer1000Requests": round(bare_cpu / count * 1000, 3),
        "ratioSeconds": round(seconds / bare_seconds, 2),
        "ratioCpu": round(cpu / bare_cpu, 2),
    }


async def cycle(folder: Path, sent: Sent, *, record: bool) -> None:
    """One initial cycle; recorded when what it sends is wanted, not how fast it is."""

    class Recording(HttpClient):
        async def send(
            self, method: str, url: str, headers: Mapping[str, str], content: bytes | None = None
        ) -> Answer:
            sent.append((method, url, dict(headers), content))
            return await super().send(method, url, headers, content)

    settings = load(folder / "entrasim.toml", {"TOKEN": "bench"}).job(None)
    state = folder / f"{record}.db"  # each cycle is a job's first
    store = SqlStore.open(f"sqlite:///{state}", clock=SystemClock())
    client = Recording if record else HttpClient
    async with bootstrap.assembled(settings, store, SystemClock(), client=client) as world:
        execution = await run_cycle(world.job, world.ports)
    await store.close()
    if execution.counts.escrowed:
        raise SystemExit(f"{execution.counts.escrowed} objects failed; nothing was measured")


async def bare(sent: Sent) -> tuple[float, float]:
    """Send the same requests by plain httpx, phase after phase as they went."""
    limits = httpx.Limits(max_connections=CONCURRENCY, max_keepalive_connections=CONCURRENCY)
    waiting = iter(sent)
    async with httpx.AsyncClient(limits=limits, timeout=30) as client:

        async def worker() -> None:
            for method, url, headers, content in waiting:
                await client.request(method, url, headers=headers, content=content)

        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(worker() for _ in range(CONCURRENCY)))
        return time.perf_counter() - began, time.process_time() - cpu


async def forget(address: str) -> None:
    """Empty the target."""
    async with httpx.AsyncClient() as client:
        await client.delete(f"{address}/everything")


def write_tenant(folder: Path, users: int, address: str) -> None:
    """A company in which everybody has a manager, ten to a team."""
    tenant = folder / "tenant"
    tenant.mkdir()
    with (tenant / "users.jsonl").open("w", encoding="utf-8") as file:
        for number in range(users):
            name = f"user{number}"
            mail = f"{name}@contoso.com"
            manager = {"manager": {"id": f"u{number // 10}"}} if number else {}
            known = {"id": f"u{number}", "userPrincipalName": mail, "mail": mail}
            names = {"displayName": name, "givenName": name, "surname": "Example"}
            place = {"jobTitle": "Engineer", "department": "Engineering", "city": "London"}
            file.write(json.dumps({**known, **names, **place, **manager}) + "\n")
    members = [{"id": f"u{number}"} for number in range(users)]
    group = [{"id": "all", "displayName": "All", "members": members}]
    (tenant / "groups.json").write_text(json.dumps(group))
    (tenant / "appRoleAssignments.json").write_text('[{"principalId": "all"}]')
    (folder / "entrasim.toml").write_text(
        '[[jobs]]\nid = "bench"\n'
        '[jobs.directory]\nkind = "fixture"\npath = "tenant"\n'
        f'[jobs.target]\nbase_url = "{address}"\ntoken = "env:TOKEN"\n'
        f"concurrency = {CONCURRENCY}\n"
    )


def table(found: dict[str, float], users: int) -> str:
    """The measurement for people."""
    rows = [
        ("requests", f"{found['requests']:.0f}", ""),
        ("seconds", f"{found['seconds']}", f"{found['bareSeconds']}"),
        ("requests/s", f"{found['requestsPerSecond']:.0f}", ""),
        (
            "CPU s per 1,000 requests",
            f"{found['cpuSecondsPer1000Requests']}",
            f"{found['bareCpuSecondsPer1000Requests']}",
        ),
        ("peak memory, MiB", f"{found['peakMemoryMiB']:.0f}", ""),
        ("ratio of seconds", f"{found['ratioSeconds']}", "1"),
        ("ratio of CPU", f"{found['ratioCpu']}", "1"),
    ]
    lines = [f"Initial cycle of {users:,} users with managers, {CONCURRENCY} requests at a time"]
    lines.append(f"{'':<26}{'entrasim':>12}{'bare httpx':>12}")
    return "\n".join([*lines, *(f"{name:<26}{ours:>12}{bare:>12}" for name, ours, bare in rows)])


if __name__ == "__main__":
    main()
