"""Targets that bear so much and no more, on one port; a process of its own.

`/contended` slows down with the square of what is under way, most is done at 8 at a time;
`/bounded` answers 429 above 8 at a time; `/healthy` answers at once.
"""

from __future__ import annotations

import asyncio
from collections import Counter

from starlette.types import Receive, Scope, Send

from benchmarks.apart import serve

BEARS = 8
USUAL = 0.05  # seconds


class StrainedTarget:
    """Three targets that know how many requests each has under way."""

    def __init__(self) -> None:
        self._under_way: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI says
        """Answer one request."""
        name = scope["path"].split("/")[1]
        self._under_way[name] += 1
        try:
            status = await self._bear(name, self._under_way[name])
        finally:
            self._under_way[name] -= 1
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def _bear(self, name: str, under_way: int) -> int:
        if name == "contended":
            await asyncio.sleep(USUAL * (1 + (under_way / BEARS) ** 2))
        elif name == "bounded" and under_way > BEARS:
            return 429
        elif name == "bounded":
            await asyncio.sleep(USUAL)
        return 200


if __name__ == "__main__":
    serve(StrainedTarget())
