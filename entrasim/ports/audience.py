"""Who watches a cycle, and who is told of it."""

from __future__ import annotations

from typing import Protocol

from entrasim.errors import NotificationError
from entrasim.model.cycle import Counts, Outcome
from entrasim.model.notice import Notice


class Observer(Protocol):
    """Watches a cycle, to show progress."""

    def phase(self, name: str, total: int) -> None:
        """A phase of the cycle begins, with so many objects."""

    def more(self, count: int) -> None:
        """The phase turns out to have so many more outcomes, since an object takes several."""

    def outcome(self, outcome: Outcome, counts: Counts) -> None:
        """One object is done."""

    def noticed(self, notice: Notice) -> None:
        """There is something that people should look after; told once."""

    def untold(self, error: NotificationError) -> None:
        """Not everybody could be told of it."""


class Silence:
    """The observer that shows nothing."""

    def phase(self, name: str, total: int) -> None:
        """Show nothing."""

    def more(self, count: int) -> None:
        """Show nothing."""

    def outcome(self, outcome: Outcome, counts: Counts) -> None:
        """Show nothing."""

    def noticed(self, notice: Notice) -> None:
        """Show nothing."""

    def untold(self, error: NotificationError) -> None:
        """Show nothing."""


class Notifier(Protocol):
    """Tells people of what they should look after."""

    async def notify(self, notice: Notice, *, told: frozenset[str] = frozenset()) -> None:
        """Tell it by every channel but those that have `told` it before.

        Raises:
            NotificationError: a channel failed, the others didn't; no cycle has to fail
                for it. Its `told` is what to hand in when trying again.
        """

    async def close(self) -> None:
        """Close the connections."""


class Discretion:
    """The notifier that tells nobody."""

    async def notify(self, notice: Notice, *, told: frozenset[str] = frozenset()) -> None:
        """Tell nobody."""

    async def close(self) -> None:
        """Nothing to close."""
