"""What an expression may ask of the world: the time, chance, and the tenant's domain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from entrasim.engine.patterns import TIME_LIMIT
from entrasim.errors import SourceObjectError
from entrasim.model.job import Job
from entrasim.model.schema import EmptyCondition
from entrasim.ports import Chance, Ports


def _no_clock() -> datetime:
    raise SourceObjectError("there is no clock to ask", code="ExpressionFailed")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The world around an expression; what is missing fails whoever asks for it.

    Attributes:
        now: the present moment, aware and in UTC.
        chance: for Guid and RandomString.
        default_domain: the tenant's default domain.
        empty_condition: what a condition does about an attribute that is empty.
        pattern_seconds: how long one regular expression may take; the compiler shares out
            what all of an expression's may take together.
    """

    now: Callable[[], datetime] = _no_clock
    chance: Chance | None = None
    default_domain: str | None = None
    empty_condition: EmptyCondition = EmptyCondition.NULL
    pattern_seconds: float = TIME_LIMIT


NOWHERE = Surroundings()
"""No world at all; enough for an expression that asks for nothing."""


def surroundings_of(job: Job, ports: Ports) -> Surroundings:
    """The world as a job's expressions see it."""
    return Surroundings(
        ports.clock.now, ports.chance, job.default_domain, job.schema.readings.empty_condition
    )
