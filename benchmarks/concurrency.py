"""Adaptive concurrency against fixed settings: how much gets done, side by side in one run.

    python -m benchmarks.concurrency [--seconds S] [--json]

Each setting works on each target for so many seconds after two to warm up; the ratio to the
best fixed setting is what counts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
import time
from collections import Counter
from datetime import timedelta

from benchmarks.apart import running
from entrasim.transport import HttpClient
from entrasim.transport.adapting import AdaptiveLimit
from entrasim.transport.aiohttp_transport import AiohttpTransport
from entrasim.transport.pacing import Pace

MOST = 32
FIXED = (2, 4, 8, 16, MOST)
TARGETS = ("contended", "bounded", "healthy")
WARM_UP = 2.0
SULK = 0.02  # seconds until somebody who was refused asks again


class FixedLimit(AdaptiveLimit):
    """A limit that learns nothing."""

    def __call__(self) -> int:
        """The limit it was given."""
        return self._most


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with running("benchmarks.strained_target") as address:
        found = {
            name: asyncio.run(compare(f"{address}/{name}", options.seconds)) for name in TARGETS
        }
    print(json.dumps(found) if options.json else table(found))


async def compare(url: str, seconds: float) -> dict[str, float]:
    """Requests done per second by each setting, the share refused, and the ratio."""
    done = {str(most): await measure(FixedLimit(most), url, seconds) for most in FIXED}
    adaptive = await measure(AdaptiveLimit(MOST), url, seconds)
    per_second = {name: round(counts["done"] / seconds, 1) for name, counts in done.items()}
    return {
        **per_second,
        "adaptive": round(adaptive["done"] / seconds, 1),
        "ratioToBest": round(adaptive["done"] / max(c["done"] for c in done.values()), 2),
        "refusedShare": round(adaptive["refused"] / adaptive.total(), 3),
        "refusedShareAtMost": round(done[str(MOST)]["refused"] / done[str(MOST)].total(), 3),
    }


async def measure(limit: AdaptiveLimit, url: str, seconds: float) -> Counter[str]:
    """Send without end, as many at a time as the limit lets go."""
    transport = AiohttpTransport(
        connections=MOST,
        tls=ssl.create_default_context(),
        total=timedelta(seconds=30),
        most_bytes=1000,
    )
    client = HttpClient(transport, concurrency=MOST, pace=Pace(0), limit=limit)
    counts: Counter[str] = Counter()
    begin = time.perf_counter() + WARM_UP

    async def work() -> None:
        while time.perf_counter() < begin + seconds:
            answer = await client.send("GET", url, {})
            refused = answer.status != 200  # noqa: PLR2004 - what the target says
            if time.perf_counter() >= begin:
                counts["refused" if refused else "done"] += 1
            await asyncio.sleep(SULK if refused else 0)

    await asyncio.gather(*(work() for _ in range(MOST)))
    await client.close()
    return counts


def table(found: dict[str, dict[str, float]]) -> str:
    """The measurement for people."""
    names = [*map(str, FIXED), "adaptive"]
    lines = [f"Requests done per second: so many at a time, and adaptive up to {MOST}"]
    lines.append(f"{'':<12}" + "".join(f"{n:>10}" for n in (*names, "ratio", "refused")))
    for target, row in found.items():
        shown = [*(f"{row[n]:>10.0f}" for n in names), f"{row['ratioToBest']:>10.2f}"]
        refused = f"{row['refusedShare']:.1%} ({row['refusedShareAtMost']:.0%})"
        lines.append(f"{target:<12}" + "".join(shown) + f"{refused:>14}")
    return "\n".join([*lines, "refused: of the adaptive requests, and of those at the most"])


if __name__ == "__main__":
    main()
