"""The directory, the time and chance."""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from entrasim.model.entry import Reading

T = TypeVar("T")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""


class Chance(Protocol):
    """Chooses at random; Python's own `random.Random` and `random.SystemRandom` do."""

    def choice(self, seq: Sequence[T], /) -> T:
        """One of several."""

    def shuffle(self, x: MutableSequence[T], /) -> None:
        """Bring several into another order."""

    def getrandbits(self, k: int, /) -> int:
        """A number of so many bits."""


class Directory(Protocol):
    """A source of users, groups and assignments."""

    async def read(self, since: str | None) -> Reading:
        """Read what changed since a watermark, or everything.

        A directory that can't tell what changed gives a complete reading each time; the
        engine finds the changes.

        Raises:
            SourceError: it can't be read whole, or contradicts itself.
        """

    async def look_up(self, text: str) -> Reading:
        """Read the objects that bear an id, UPN, mail or display name.

        The reading holds them first, then the groups that entitle them and the objects
        they refer to, as far as the directory knows; it is not complete.
        """

    async def probe(self) -> tuple[str, ...]:
        """See whether all that a reading takes can be read; gives what it was, in words.

        Raises:
            SourceError: something can't be read; the text says how to set it right.
        """

    async def close(self) -> None:
        """Let go of files and connections."""
