"""Rules at work: which of them hit a request, and what has happened so far."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Self

from starlette.types import ASGIApp, Receive, Scope, Send

from entrasim.testing.faults.exchange import ErrorBody, Exchange, Sleep, scim_error
from entrasim.testing.faults.faults_file import read_faults
from entrasim.testing.faults.rule import Decisive, Delay, Rule


@dataclass(frozen=True, slots=True)
class Injected:
    """A fault that hit a request, for whoever wants to be told; path without query."""

    rule: Rule
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.method} {self.path}"


class Faults:
    """Faults for any ASGI application: `AsgiServer(faults.around(app))`.

    Rules are asked in their order. Delays that hit add up; the first other fault that hits
    happens, and is the end of the matter. The same seed and the same requests give the same
    faults: each rule draws once for each request that it is about, from a chance of its
    own, so that other rules don't change its draws.

    Attributes:
        active: False lets everything through; nothing is drawn or counted meanwhile.
        counts: how often each fault happened, by the name of its rule.
        tell: called with each fault, just before it happens.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        *,
        seed: int = 0,
        tell: Callable[[Injected], object] = lambda _: None,
        sleep: Sleep = asyncio.sleep,
        error_body: ErrorBody = scim_error,
    ) -> None:
        given = tuple(rules)
        self._rules = [
            _DrawnRule(rule, Random(f"{seed} {rule!r} {given[:place].count(rule)}"))  # noqa: S311 - no secret hangs on it
            for place, rule in enumerate(given)
        ]
        self._sleep, self._error_body = sleep, error_body
        self.active, self.tell = True, tell
        self.counts: Counter[str] = Counter()

    @classmethod
    def load(cls, path: Path) -> Self:
        """The faults of a file.

        Raises:
            ConfigurationError: every mistake in it, each with its key.
        """
        found = read_faults(path)
        return cls(found.rules, seed=found.seed)

    def around(self, app: ASGIApp) -> ASGIApp:
        """An application that fails as the rules say, and is `app` otherwise."""

        async def failing(scope: Scope, receive: Receive, send: Send) -> None:
            if not self.active or scope["type"] != "http":
                await app(scope, receive, send)
                return
            exchange = Exchange(app, scope, receive, send, self._sleep, self._error_body)
            await exchange.read()
            await self._answer(exchange)

        return failing

    async def _answer(self, exchange: Exchange) -> None:
        delay, decisive = self._drawn_for(exchange)
        if delay and not await exchange.pause(delay):
            return  # whoever asked has gone
        if decisive is None:
            await exchange.pass_on()
        else:
            await decisive.happen(exchange)

    def _drawn_for(self, exchange: Exchange) -> tuple[timedelta, Decisive | None]:
        """What happens to a request; every rule draws, whatever becomes of the others."""
        delay = timedelta()
        for drawn in [drawn for drawn in self._rules if drawn.hits(exchange)]:
            drawn.happened += 1
            self.counts[str(drawn.rule)] += 1
            self.tell(Injected(drawn.rule, exchange.method, exchange.path))
            match drawn.rule:
                case Delay(time=time):
                    delay += time
                case Decisive() as decisive:
                    return delay, decisive
        return delay, None


class _DrawnRule:
    """A rule with its chance, and how far it has come."""

    def __init__(self, rule: Rule, chance: Random) -> None:
        self.rule, self._chance = rule, chance
        self._seen = self.happened = 0

    def hits(self, exchange: Exchange) -> bool:
        rule = self.rule
        if not rule.concerns(exchange):
            return False
        self._seen += 1
        drawn = self._chance.random() < rule.share
        left = rule.times is None or self.happened < rule.times
        return drawn and left and self._seen > rule.skip
