"""One outward HTTP client: bounded, adapting, paced, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx

from entrasim.errors import StoppedError
from entrasim.fan_out import STOPPED, ending
from entrasim.transport.adapting import AdaptiveLimit, Started
from entrasim.transport.errors import NotSentError, translated
from entrasim.transport.pacing import Pace
from entrasim.transport.slots import Slots
from entrasim.transport.tls import verifying

MOST_BYTES = 16 * 1024 * 1024  # of an answer; no resource or page of them is longer

_TOO_BUSY = frozenset({429, 503})
_FAILED = frozenset({408, 500, 502, 504})
_HTTPX_DEFAULTS = ("Accept", "Accept-Encoding", "Connection", "User-Agent")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are lower case, the content is unpacked.

    `times` is how often the request was sent until then.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    times: int = 1


class HttpClient:
    """Sends requests over kept-alive connections.

    At a time it sends no more than it was told, and fewer as long as the target is under
    strain. Redirects are not followed, and cookies and the environment's proxies not used. The
    transport bounds the time; what waits for its turn is not yet on that clock.

    Attributes:
        sent: how many requests went out, by method; what never left is not counted.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        *,
        concurrency: int,
        pace: Pace,
        limit: AdaptiveLimit | None = None,
    ) -> None:
        forgetful = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._client = httpx.AsyncClient(transport=transport, cookies=forgetful, trust_env=False)
        for name in _HTTPX_DEFAULTS:
            del self._client.headers[name]  # what is sent is for the caller to say
        self._limit = limit or AdaptiveLimit(concurrency)
        self._slots, self._pace = Slots(self._limit), pace
        self.sent: Counter[str] = Counter()

    @classmethod
    def connect(
        cls,
        *,
        timeout: timedelta,
        concurrency: int,
        requests_per_second: float = 0,
        ca_file: Path | None = None,
    ) -> HttpClient:
        """A client on real connections; servers are verified, by `ca_file` alone if given.

        Raises:
            ConfigurationError: the CA file holds no certificate.
        """
        from entrasim.transport.aiohttp_transport import AiohttpTransport  # noqa: PLC0415 - slow to import, and not always needed

        transport = AiohttpTransport(
            connections=concurrency, tls=verifying(ca_file), total=timeout, most_bytes=MOST_BYTES
        )
        return cls(transport, concurrency=concurrency, pace=Pace(requests_per_second))

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None = None
    ) -> Answer:
        """Send one request, when its turn comes.

        Raises:
            NotSentError: it never left.
            NoAnswerError: it may have arrived, but no whole answer came back.
            StoppedError: its cycle ended while it queued; it never left.
        """
        async with self._slots.take() as queued:
            if queued and ending():
                raise StoppedError(STOPPED)
            await self._pace.turn()
            self.sent[method] += 1
            # A collection takes other times than its members do: the depth tells them apart.
            started = self._limit.start((method, url.count("/")), self._slots.taken)
            try:
                answer = await self._client.request(method, url, headers=headers, content=content)
            except (httpx.RequestError, httpx.InvalidURL) as error:
                failure = translated(error)
                self._limit.failed(started)
            else:
                self._learn(started, answer.status_code)
                return Answer(answer.status_code, dict(answer.headers), answer.content)
        if isinstance(failure, NotSentError):
            self.sent[method] -= 1
        raise failure  # out here it carries no context, which would hold the request's token

    def _learn(self, started: Started, status: int) -> None:
        """Take an answer as a sign of how the target bears the load."""
        if status in _TOO_BUSY:
            self._limit.refused(started)
        elif status in _FAILED:
            self._limit.failed(started)
        else:
            self._limit.answered(started)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
