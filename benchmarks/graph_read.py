"""N users read from the local API by the Graph source, against a bare reader of the same pages.

    python -m benchmarks.graph_read [--users N] [--json]

Tenant and readers are processes of their own; the sides take turns, and the median of their
rounds counts. The bare reader is plain httpx with msgspec, and keeps nothing; the source's
own code makes each user a change of an entry. Then ten users change, and the source asks what
is new.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from benchmarks.apart import running

ROUNDS, CHANGES = 3, 10
SIDES = ("source", "bare")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        users = [user(number) for number in range(options.users)]
        write(folder, users)
        with running("benchmarks.graph_tenant", name) as address:
            found = measure(folder, address, users)
    print(json.dumps(found) if options.json else table(found))


def measure(folder: Path, address: str, users: list[dict[str, Any]]) -> dict[str, Any]:
    """Read everything by both sides in turns, then what changed by the source."""
    httpx.get(f"{address}/v1.0/users/delta?$deltatoken=latest", timeout=600).raise_for_status()
    turns = [{side: read(side, address) for side in SIDES} for _ in range(ROUNDS)]
    if {turn[side]["users"] for turn in turns for side in SIDES} != {len(users)}:
        raise SystemExit("a side read another number of users; nothing was measured")
    ours, bare = (summary([turn[side] for turn in turns]) for side in SIDES)
    for number in range(CHANGES):
        users[number * len(users) // CHANGES]["jobTitle"] = "Director"
    write(folder, users)
    before = asked(address)
    changed = read("source", address, turns[-1]["source"]["link"])
    return {
        "users": len(users),
        "source": ours,
        "bare": bare,
        "ratioSeconds": round(bare["usersPerSecond"] / ours["usersPerSecond"], 2),
        "ratioCpu": round(ours["cpuMicrosecondsPerUser"] / bare["cpuMicrosecondsPerUser"], 2),
        "incremental": {
            "changes": changed["users"],
            "requests": asked(address) - before,
            "seconds": round(changed["seconds"], 2),
        },
    }


def read(side: str, address: str, *link: str) -> dict[str, Any]:
    """What one side's process tells."""
    command = [sys.executable, "-m", "benchmarks.graph_reader", side, address, *link]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def summary(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """The median of a side's rounds."""
    users = rounds[0]["users"]
    return {
        "usersPerSecond": round(users / median(one["seconds"] for one in rounds)),
        "cpuMicrosecondsPerUser": round(median(one["cpu"] for one in rounds) / users * 1e6, 1),
        "peakMemoryMiB": round(median(one["peakMiB"] for one in rounds)),
        "memoryAtRestMiB": round(median(one["restMiB"] for one in rounds)),
    }


def asked(address: str) -> int:
    """How often the tenant was asked so far."""
    return int(httpx.get(f"{address}/requests").raise_for_status().text)


def write(folder: Path, users: list[dict[str, Any]]) -> None:
    """Write the tenant as an editor does: a new file takes the old one's place."""
    tenant, fresh = folder / "tenant", folder / "users.new"
    tenant.mkdir(exist_ok=True)
    fresh.write_text("".join(f"{json.dumps(one)}\n" for one in users), encoding="utf-8")
    fresh.replace(tenant / "users.jsonl")


def user(number: int) -> dict[str, Any]:
    """Somebody of a company in which everybody has a manager, ten to a team."""
    name = f"user{number}"
    return {
        "id": f"00000000-0000-4000-8000-{number:012}",
        "userPrincipalName": f"{name}@contoso.com",
        "mail": f"{name}@contoso.com",
        "mailNickname": name,
        "displayName": f"User {number}",
        "givenName": "User",
        "surname": f"Number{number}",
        "jobTitle": "Engineer",
        "department": f"Department {number % 50}",
        "employeeId": str(number),
        "companyName": "Contoso",
        "officeLocation": f"4/{number % 300}",
        "streetAddress": f"{number % 200} Main Street",
        "city": "London",
        "state": "England",
        "country": "GB",
        "postalCode": "N1",
        "preferredLanguage": "en-GB",
        "mobilePhone": f"+44 77 {number:07}",
        "businessPhones": [f"+44 20 {number:07}"],
        "accountEnabled": True,
        "manager": {"id": f"00000000-0000-4000-8000-{number // 10:012}"},
    }


def table(found: dict[str, Any]) -> str:
    """The measurements for people."""
    lines = [f"Reading {found['users']:,} users, median of {ROUNDS} rounds"]
    lines += (
        "  {side:<7}{usersPerSecond:>9,} users/s  {cpuMicrosecondsPerUser:>6} µs CPU a user  "
        "{peakMemoryMiB:>4} MiB at most, {memoryAtRestMiB} before".format(side=side, **found[side])
        for side in SIDES
    )
    lines.append(f"  ratio  {found['ratioSeconds']} in time, {found['ratioCpu']} in CPU")
    lines.append(
        "  {changes} changes: {requests} requests, {seconds} s, in which the tenant reads its "
        "files again".format(**found["incremental"])
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
