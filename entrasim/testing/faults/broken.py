"""Faults of the answer: the application has carried the request out."""

from __future__ import annotations

from dataclasses import field
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from entrasim.config.table import Duration
from entrasim.testing.faults.exchange import Ending, Exchange
from entrasim.testing.faults.rule import STRICT, Decisive

_PART = 64 * 1024
_PAGE = b"<!doctype html><title>Welcome</title><p>Please sign in.</p>"
_OTHER = b'{"message": "Welcome", "items": [1, 2, 3]}'


@dataclass(frozen=True, config=STRICT)
class LateAnswer(Decisive):
    """The answer comes after a time; whoever doesn't wait can't know that all is done."""

    time: Duration
    fault: Literal["late_answer"] = field(default="late_answer", kw_only=True)

    async def happen(self, exchange: Exchange) -> None:
        """Keep the answer back for a time."""
        reply = await exchange.carry_out()
        if await exchange.pause(self.time):
            await exchange.answer(reply)


@dataclass(frozen=True, config=STRICT)
class LostAnswer(Decisive):
    """The connection ends instead of an answer."""

    ending: Ending = "reset"
    fault: Literal["lost_answer"] = field(default="lost_answer", kw_only=True)

    async def happen(self, exchange: Exchange) -> None:
        """Throw the answer away."""
        await exchange.carry_out()
        await exchange.end(self.ending)


@dataclass(frozen=True, config=STRICT)
class Cut(Decisive):
    """The connection ends in the middle of the answer."""

    ending: Ending = "reset"
    fault: Literal["cut"] = field(default="cut", kw_only=True)

    async def happen(self, exchange: Exchange) -> None:
        """Send half of it."""
        reply = await exchange.carry_out()
        reply = reply.saying(reply.body or b"{}")
        await exchange.begin(reply)
        await exchange.write(reply.body[: len(reply.body) // 2])
        await exchange.end(self.ending)


@dataclass(frozen=True, config=STRICT)
class Drip(Decisive):
    """The answer comes in small parts, each after a time."""

    time: Duration = timedelta(seconds=0.1)
    size: Annotated[int, Field(ge=1)] = 1
    fault: Literal["drip"] = field(default="drip", kw_only=True)

    async def happen(self, exchange: Exchange) -> None:
        """Send it bit by bit."""
        reply = await exchange.carry_out()
        await exchange.begin(reply)
        for start in range(0, len(reply.body), self.size):
            if not await exchange.pause(self.time):
                return
            await exchange.write(reply.body[start : start + self.size])
        await exchange.write(b"", more=False)


@dataclass(frozen=True, config=STRICT)
class WrongBody(Decisive):
    """The answer's body is not what it should be, under the headers and status that it had."""

    kind: Literal["no_json", "other_json", "truncated", "empty"] = "no_json"
    fault: Literal["wrong_body"] = field(default="wrong_body", kw_only=True)

    async def happen(self, exchange: Exchange) -> None:
        """Answer with the wrong body."""
        reply = await exchange.carry_out()
        half = (reply.body or b"{}")[: len(reply.body or b"{}") // 2]
        bodies = {"no_json": _PAGE, "other_json": _OTHER, "truncated": half, "empty": b""}
        await exchange.answer(reply.saying(bodies[self.kind]))


@dataclass(frozen=True, config=STRICT)
class Huge(Decisive):
    """The answer is padded with blanks to a size; to JSON they mean nothing."""

    size: Annotated[int, Field(ge=1, le=1024**3)] = 17 * 1024 * 1024
    fault: Literal["huge"] = field(default="huge", kw_only=True)

    async def happen(self, exchange: Exchange) -> None:
        """Answer at length."""
        reply = await exchange.carry_out()
        reply = reply.saying(reply.body or b"{}")
        await exchange.begin(reply, length=max(self.size, len(reply.body)))
        await exchange.write(reply.body)
        for start in range(len(reply.body), self.size, _PART):
            await exchange.write(b" " * min(_PART, self.size - start))
        await exchange.write(b"", more=False)
