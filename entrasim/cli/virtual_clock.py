"""--virtual-clock: time that stands still until a test turns it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from entrasim.errors import ConfigurationError

if TYPE_CHECKING:
    from entrasim.ports import Clock

_YEARS = range(1970, 3000)

Start = Annotated[
    tuple[datetime, ...] | None,
    Parameter(name="--virtual-clock", consume_multiple=(0, 1), negative=(), metavar="[START]"),
]


def clock_of(start: tuple[datetime, ...] | None) -> Clock:
    """The clock on the wall, or one that stands still; a start without a zone is in UTC.

    Raises:
        ConfigurationError: the start lies where no clock goes.
    """
    from entrasim.scheduler.clocks import SystemClock, VirtualClock  # noqa: PLC0415 - not for --help

    if start is None:
        return SystemClock()
    first = start[0] if start else SystemClock().now()
    if first.year not in _YEARS:
        between = f"{_YEARS[0]} to {_YEARS[-1]}"
        raise ConfigurationError(f"--virtual-clock: expected a year from {between}")
    return VirtualClock(first.replace(tzinfo=first.tzinfo or UTC).astimezone(UTC))
