"""Nobody has forever to send the head of a request.

uvicorn closes connections that are silent, but not those on which a head drips, a letter at a
time (slow loris).
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class ImpatientProtocol(H11Protocol):
    """uvicorn's protocol, which closes a connection whose next head isn't there in time."""

    patience = timedelta(seconds=10)
    _overdue: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take data; go on waiting as long as they are no whole head."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._wait()
        else:
            self._wait_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._overdue is None:
            seconds = self.patience.total_seconds()
            self._overdue = self.loop.call_later(seconds, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None
