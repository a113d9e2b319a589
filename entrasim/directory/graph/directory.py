"""Microsoft Graph read as a directory."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from entrasim.directory.graph.selecting import selected
from entrasim.directory.graph.source import GraphSource
from entrasim.directory.graph.watermark import Asked, read_watermark
from entrasim.model.entry import ObjectType, Reading
from entrasim.transport import Patience

if TYPE_CHECKING:
    from entrasim.directory.graph.assignments import ServicePrincipal
    from entrasim.directory.graph.client import GraphClient

_log = logging.getLogger(__name__)

RETRIES = 5
_LONGEST_TOLD = timedelta(minutes=5)
_ALTOGETHER = timedelta(minutes=10)
_IN_BETWEEN = (500, 502, 504)  # Graph's pages advise to repeat a GET after any of them


class GraphDirectory:
    """Implements the directory port on Microsoft Graph.

    The first reading gives everything, the others what changed; what a delta link no longer
    tells is read anew as a whole, and who isn't in it then is left alone. The SDK is imported
    at the first reading, beside the event loop.
    """

    def __init__(
        self,
        source: GraphSource,
        attributes: Mapping[ObjectType, frozenset[str]],
        *,
        patience: Patience | None = None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        """`attributes` are those that mappings and filters read, by the provisioned kind."""
        self._source, self._attributes, self._stopping = source, attributes, stopping
        self._patience = patience or patient(stopping)
        self._client: GraphClient | None = None

    async def read(self, since: str | None) -> Reading:
        """Read what changed since a watermark, or everything.

        Raises:
            ConfigurationError: the credential can't be used.
            SourceError: Graph refuses, can't be reached, or answers what nobody understands.
            StoppedError: somebody asked to stop.
        """
        client = await self.open()
        from entrasim.directory.graph import assignments, reading  # noqa: PLC0415 - bring the SDK
        from entrasim.directory.graph.diagnosing import StateLostError  # noqa: PLC0415 - likewise

        principal = await assignments.service_principal(client)
        assigned = await assignments.assignments(client, principal)
        asked = self._asked(principal)
        known = read_watermark(since, asked)
        if known is not None:
            try:
                return await reading.read_changes(client, principal, assigned, known)
            except StateLostError as error:
                _log.warning("%s: %s; reading everything anew", self._source.place, error)
        try:
            return await reading.read_all(client, asked, principal, assigned, self._attributes)
        except StateLostError as error:
            _log.warning("%s: %s; once more", self._source.place, error)
        return await reading.read_all(client, asked, principal, assigned, self._attributes)

    async def look_up(self, text: str) -> Reading:
        """The objects of that name, their managers, and the assigned groups they are in.

        Raises:
            ConfigurationError, SourceError: as in a reading.
        """
        client = await self.open()
        from entrasim.directory.graph import assignments, lookups  # noqa: PLC0415 - bring the SDK

        principal = await assignments.service_principal(client)
        return await lookups.look_up(client, text, self._asked(principal), principal)

    async def probe(self) -> tuple[str, ...]:
        """Read a little of all that a reading takes; gives what it was, in words.

        Raises:
            ConfigurationError, SourceError: as in a reading.
        """
        client = await self.open()
        from entrasim.directory.graph import assignments, probing  # noqa: PLC0415 - bring the SDK

        principal = await assignments.service_principal(client)
        return await probing.probe(client, self._asked(principal), principal, self._attributes)

    async def open(self) -> GraphClient:
        """The client, for whoever reads pages as they come."""
        if self._client is None:
            self._client = await asyncio.to_thread(self._connect)
        return self._client

    async def close(self) -> None:
        """Let go of connections."""
        if self._client is not None:
            await self._client.close()

    def _connect(self) -> GraphClient:
        from entrasim.directory.graph.client import GraphClient  # noqa: PLC0415 - brings the SDK

        return GraphClient.connect(self._source, patience=self._patience, stopping=self._stopping)

    def _asked(self, principal: ServicePrincipal) -> Asked:
        expands = self._source.managers == "expand"
        chosen = {kind: selected(self._attributes.get(kind, ()), kind) for kind in ObjectType}
        users = tuple(n for n in chosen[ObjectType.USER] if not (expands and n == "manager"))
        return Asked(
            base_url=self._source.base_url,
            service_principal=principal.id,
            managers=self._source.managers,
            users=users,
            groups=chosen[ObjectType.GROUP],
        )


def patient(
    stopping: Callable[[], bool] = lambda: False,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Patience:
    """How often, and how long, Graph is asked again: as it tells, else ever more rarely.

    Source: learn.microsoft.com/graph/throttling and …/graph/errors
    """
    return Patience(
        retries=RETRIES,
        honour_retry_after=True,
        in_between=_IN_BETWEEN,
        longest_told=_LONGEST_TOLD,
        altogether=_ALTOGETHER,
        stopping=stopping,
        sleep=sleep,
        now=now,
    )
