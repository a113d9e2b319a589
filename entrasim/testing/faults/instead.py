"""Faults instead of an answer: the application hears of the request only if told so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime
from email.utils import format_datetime
from math import ceil
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from entrasim.config.table import Duration
from entrasim.testing.faults.exchange import Exchange, Reply
from entrasim.testing.faults.rule import STRICT, Decisive

HeaderName = Annotated[str, Field(pattern="^[A-Za-z0-9-]+$")]
HeaderValue = Annotated[str, Field(pattern="^[ -~]*$")]


@dataclass(frozen=True, config=STRICT)
class Status(Decisive):
    """Another status, with an error as the application writes them or a body of one's own.

    Attributes:
        status: 200 to 599.
        retry_after: how long to wait, in the header `Retry-After`.
        retry_after_as: said in whole seconds or as a date (RFC 9110 §10.2.3).
        headers: further headers, which outdo those that the rule sets by itself.
        body: what it says; the empty text says nothing.
        carried_out: whether the application does what it was asked for all the same, as
            behind a gateway that has lost its patience.
    """

    status: Annotated[int, Field(ge=200, le=599)]
    retry_after: Duration | None = None
    retry_after_as: Literal["seconds", "date"] = "seconds"
    headers: Mapping[HeaderName, HeaderValue] = field(default_factory=dict)
    body: str | None = None
    carried_out: bool = False
    fault: Literal["status"] = field(default="status", kw_only=True)

    def __str__(self) -> str:
        return self.name or f"{self.fault} {self.status}"

    async def happen(self, exchange: Exchange) -> None:
        """Answer."""
        if self.carried_out:
            await exchange.carry_out()
        kind, error = exchange.error(self.status, f"a fault: {self}")
        body = error if self.body is None else self.body
        await exchange.answer(_reply(self.status, self._headers(kind), body))

    def _headers(self, kind: str) -> dict[str, str]:
        found = {"content-type": kind}
        if self.retry_after is not None:
            until = datetime.now(UTC) + self.retry_after
            seconds = str(ceil(self.retry_after.total_seconds()))
            dated = self.retry_after_as == "date"
            found["retry-after"] = format_datetime(until, usegmt=True) if dated else seconds
        return found | {name.lower(): value for name, value in self.headers.items()}


@dataclass(frozen=True, config=STRICT)
class Redirect(Decisive):
    """A redirect of the same path and query to another place, such as `https://elsewhere.test`."""

    to: Annotated[str, Field(pattern="^https?://[!-~]+$")]
    status: Literal[301, 302, 303, 307, 308] = 307
    fault: Literal["redirect"] = field(default="redirect", kw_only=True)

    async def happen(self, exchange: Exchange) -> None:
        """Send the client elsewhere."""
        location = self.to.rstrip("/") + exchange.url
        await exchange.answer(_reply(self.status, {"location": location}, ""))


@dataclass(frozen=True, config=STRICT)
class Reset(Decisive):
    """The connection is reset."""

    fault: Literal["reset"] = field(default="reset", kw_only=True)

    async def happen(self, exchange: Exchange) -> None:
        """Reset it."""
        await exchange.end("reset")


@dataclass(frozen=True, config=STRICT)
class Close(Decisive):
    """The connection is closed without a word."""

    fault: Literal["close"] = field(default="close", kw_only=True)

    async def happen(self, exchange: Exchange) -> None:
        """Close it."""
        await exchange.end("close")


def _reply(status: int, headers: Mapping[str, str], body: str) -> Reply:
    raw = tuple((name.encode(), value.encode("latin-1")) for name, value in headers.items())
    return Reply(status, raw, body.encode())
