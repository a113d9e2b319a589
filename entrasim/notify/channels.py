"""Several ways to tell the same; one that fails doesn't hold up the others."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Protocol

from entrasim.errors import NotificationError
from entrasim.model.notice import Notice


class DeliveryError(Exception):
    """A channel could not deliver; the text says where and why, and holds no secret.

    Attributes:
        told: whether somebody has been told all the same.
    """

    def __init__(self, why: str, *, told: bool = False) -> None:
        self.told = told
        super().__init__(why)


class Channel(Protocol):
    """One way to tell people.

    Attributes:
        name: its table or key in the job's configuration.
    """

    name: str

    async def deliver(self, notice: Notice) -> None:
        """Deliver it once, in bounded time.

        Raises:
            DeliveryError: it could not be delivered, or not to everybody.
        """

    async def close(self) -> None:
        """Close the connections."""


class Channels:
    """The notifier that uses all of its channels at once."""

    def __init__(self, channels: Iterable[Channel]) -> None:
        self._channels = tuple(channels)

    async def notify(self, notice: Notice, *, told: frozenset[str] = frozenset()) -> None:
        """Tell it by every channel but those that have `told` it before.

        Raises:
            NotificationError: which channels failed, and why; the others have delivered.
        """
        asked = [channel for channel in self._channels if channel.name not in told]
        results = await asyncio.gather(*(_delivered(channel, notice) for channel in asked))
        outcomes = {channel.name: failed for channel, failed in zip(asked, results, strict=True)}
        failures = {name: str(failed) for name, failed in outcomes.items() if failed}
        if failures:
            by = {name for name, failed in outcomes.items() if failed is None or failed.told}
            raise NotificationError(failures, told=told | by)

    async def close(self) -> None:
        """Close the connections of all channels."""
        for channel in self._channels:
            await channel.close()


async def _delivered(channel: Channel, notice: Notice) -> DeliveryError | None:
    try:
        await channel.deliver(notice)
    except DeliveryError as error:
        return error
    return None
