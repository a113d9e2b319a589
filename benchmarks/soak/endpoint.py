"""The target: the stand-in on a real socket, with faults around it, and a hand on the killer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

from starlette.types import ASGIApp, Receive, Scope, Send

from entrasim.engagedly import Engagedly, EngagedlyServer
from entrasim.testing.faults import Faults, Rule


@dataclass(frozen=True, slots=True)
class Strike:
    """When to kill: at which request of a cycle, before or after it is answered."""

    at: int
    answered: bool
    delay: float
    kill: Callable[[], None]


class Endpoint:
    """Serves the stand-in inside the running event loop.

    Attributes:
        requests: how many arrived; `writes` those that may change something.
        faults: how often each fault happened.
        strike: whom to kill at which request; None is nobody.
    """

    def __init__(self, database: Path, chance: Random, now: Callable[[], datetime]) -> None:
        self.engagedly = Engagedly(database, now=now)
        self.faults: Counter[str] = Counter()
        self.requests = self.writes = 0
        self.strike: Strike | None = None
        self._chance, self._arrived = chance, 0
        self._app: ASGIApp = self.engagedly.asgi
        self._faults = Faults([])
        self._server = EngagedlyServer(self.engagedly, wrap=lambda _: self)

    async def __aenter__(self) -> Self:
        """Start."""
        await self._server.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        await self._server.stop()
        self.engagedly.close()

    def connect(self) -> tuple[str, str]:
        """Base URL and token of a new connection."""
        connection = self.engagedly.add_connection("soak", base_url=self._server.base_url)
        return connection.base_url, connection.token

    def fail(self, rules: Sequence[Rule] = ()) -> None:
        """Fail by these rules from now on; by none, work."""
        self.faults.update(self._faults.counts)
        self._faults = Faults(rules, seed=self._chance.getrandbits(32))
        self._app = self._faults.around(self.engagedly.asgi) if rules else self.engagedly.asgi
        self._arrived = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as the weather lets it."""
        self.requests += 1
        self.writes += scope["method"] != "GET"
        self._arrived += 1
        strike = self.strike
        struck = strike is not None and self._arrived == strike.at
        if struck and strike and not strike.answered:
            strike.kill()
        await self._app(scope, receive, send)
        if struck and strike and strike.answered:
            await asyncio.sleep(strike.delay)  # into a commit, or the next request
            strike.kill()
