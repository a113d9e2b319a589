"""What every rule says: which requests it is about, and how often it hits."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import field
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass

from entrasim.config.table import Duration
from entrasim.testing.faults.exchange import Exchange

STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


def _compiled(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from None
    return text


Pattern = Annotated[str, AfterValidator(_compiled)]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Rule:
    """A fault, and the requests that it hits.

    Attributes:
        fault: its word in a file of faults.
        name: what it is counted as; the fault's word without it.
        methods: all of them, if empty.
        path: a regular expression found in path and query, decoded: `/Groups/`, `userName eq "a`.
        sent: a regular expression found in the request's body.
        share: of the requests it is about, by chance; the seed decides which.
        skip: how many requests it lets through first.
        times: how often it hits at most.

    Raises:
        ValueError: a value is no sensible one.
    """

    fault: str
    name: str = field(default="", repr=False)  # another name is no other chance
    methods: tuple[Method, ...] = ()
    path: Pattern = ""
    sent: Pattern = ""
    share: Annotated[float, Field(gt=0, le=1)] = 1
    skip: Annotated[int, Field(ge=0)] = 0
    times: Annotated[int, Field(ge=1)] | None = None

    def __str__(self) -> str:
        return self.name or self.fault

    def concerns(self, exchange: Exchange) -> bool:
        """Whether it is about such a request at all."""
        if self.methods and exchange.method not in self.methods:
            return False
        if not re.search(self.path, exchange.words):
            return False
        return not self.sent or bool(re.search(self.sent, exchange.body.decode(errors="replace")))


@dataclass(frozen=True, config=STRICT)
class Delay(Rule):
    """The request waits for a time, and goes on to the rules below and the application.

    Of a client that doesn't wait as long, nothing is carried out.
    """

    time: Duration
    fault: Literal["delay"] = field(default="delay", kw_only=True)


class Decisive(Rule, ABC):
    """A fault that decides how a request ends; the rules below have no say in it."""

    @abstractmethod
    async def happen(self, exchange: Exchange) -> None:
        """Do it to a request."""
