"""What goes wrong in a storm: faults of the target, and of the source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Literal

from benchmarks.soak.tenant import Reading, write
from entrasim.testing.faults import (
    Close,
    Cut,
    Delay,
    Drip,
    Huge,
    LateAnswer,
    LostAnswer,
    Redirect,
    Reset,
    Rule,
    Status,
    WrongBody,
)

PROBE = 2  # requests with which a cycle begins: one for users, one for groups
TIMEOUT = timedelta(seconds=2)
TOO_LATE = timedelta(seconds=2.2)
_WRONG: tuple[Literal["no_json", "other_json", "truncated", "empty"], ...] = (
    "no_json",
    "other_json",
    "truncated",
    "empty",
)
_WRITES: tuple[Literal["POST", "PATCH", "DELETE"], ...] = ("POST", "PATCH", "DELETE")
SOMEWHERE = "http://127.0.0.1:9"  # the discard port; nobody listens there


def rules(chance: Random, before: Mapping[str, int]) -> list[Rule]:
    """A few kinds of faults, the rarest so far among them; each hits its share of requests.

    Most of them spare the probe, since nothing is sent in a cycle that fails by it.
    """
    share, skip = chance.choice((0.1, 0.3, 0.6)), chance.choice((0, PROBE, PROBE, PROBE))
    kinds = _kinds(share, skip, chance)
    rarest = min(kinds, key=lambda rule: before.get(str(rule), 0))
    return [rarest, *chance.sample(kinds, chance.randint(0, 3))]


def outage(after: int = 0) -> list[Rule]:
    """The target is down, after so many requests."""
    return [Reset(skip=after, name="outage")]


FAULTS = (
    "throttled", "unavailable", "broken", "gateway", "reset", "close", "lost answer", "cut",
    "late answer", "delay", "drip", "wrong body", "huge", "redirect", "refused", "outage",
)  # fmt: skip
"""Every kind of fault of the target, by the name it is counted under."""


def _kinds(share: float, skip: int, chance: Random) -> list[Rule]:
    wrong = chance.choice(_WRONG)
    later, writes = timedelta(hours=1), chance.choice((_WRITES, ()))
    return [
        Status(429, retry_after=timedelta(seconds=1), share=share, skip=skip, name="throttled"),
        Status(503, retry_after=later, share=share, skip=skip, name="unavailable"),
        Status(500, share=share, skip=skip, name="broken"),
        Status(504, carried_out=True, methods=writes, share=share, skip=skip, name="gateway"),
        Reset(share=share, skip=skip, name="reset"),
        Close(share=share, skip=skip, name="close"),
        LostAnswer(methods=writes, share=share, skip=skip, name="lost answer"),
        Cut(methods=writes, share=share, skip=skip, name="cut"),
        LateAnswer(TOO_LATE, methods=writes, share=share, skip=skip, times=4, name="late answer"),
        Delay(TOO_LATE, share=share, skip=skip, times=4, name="delay"),
        Drip(timedelta(milliseconds=5), size=100, share=share, skip=skip, name="drip"),
        WrongBody(wrong, methods=writes, share=share, skip=skip, name="wrong body"),
        Huge(share=share, skip=skip, times=3, name="huge"),
        Redirect(SOMEWHERE, share=share, skip=skip, name="redirect"),
        Status(401, skip=skip + chance.randint(0, 6), times=1, name="refused"),
    ]


SOURCES = ("empty source", "half source", "broken source")
"""Every way in which the source answers wrongly."""


def spoil(folder: Path, reading: Reading, how: str) -> None:
    """Have the directory's files say what isn't so."""
    match how:
        case "empty source":
            write(folder, Reading({}, {}, frozenset()))
        case "half source":
            kept = set(list(reading.people)[: len(reading.people) // 3])
            people = {
                k: replace(p, manager=p.manager if p.manager in kept else None)
                for k, p in reading.people.items()
                if k in kept
            }
            groups = {
                k: replace(g, members=tuple(m for m in g.members if m in kept))
                for k, g in reading.groups.items()
            }
            write(folder, Reading(people, groups, reading.assigned & (kept | groups.keys())))
        case _:
            path = folder / "users.json"
            text = path.read_text(encoding="utf-8")
            path.write_text(text[: len(text) // 2], encoding="utf-8")
