"""One outward HTTP client: bounded, paced, counted."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx

from entrasim.errors import ConfigurationError
from entrasim.transport.errors import NotSentError, translated
from entrasim.transport.pacing import Pace

MOST_BYTES = 16 * 1024 * 1024  # of an answer; no resource or page of them is longer

_HTTPX_DEFAULTS = ("Accept", "Accept-Encoding", "Connection", "User-Agent")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are lower case, the content is unpacked."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class HttpClient:
    """Sends requests over kept-alive connections, no more at a time than it was told.

    Redirects are not followed, and cookies and the environment's proxies not used. The
    transport bounds the time; what waits for its turn is not yet on that clock.

    Attributes:
        sent: how many requests went out, by method; what never left is not counted.
    """

    def __init__(
        self, transport: httpx.AsyncBaseTransport, *, concurrency: int, pace: Pace
    ) -> None:
        forgetful = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._client = httpx.AsyncClient(transport=transport, cookies=forgetful, trust_env=False)
        for name in _HTTPX_DEFAULTS:
            del self._client.headers[name]  # what is sent is for the caller to say
        self._slots, self._pace = asyncio.Semaphore(concurrency), pace
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

        try:
            tls = ssl.create_default_context(cafile=ca_file)
        except OSError as error:
            raise ConfigurationError(
                f"target.ca_file {ca_file}: no CA certificate: {error}"
            ) from None
        transport = AiohttpTransport(
            connections=concurrency, tls=tls, total=timeout, most_bytes=MOST_BYTES
        )
        return cls(transport, concurrency=concurrency, pace=Pace(requests_per_second))

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None = None
    ) -> Answer:
        """Send one request, when its turn comes.

        Raises:
            NotSentError: it never left.
            NoAnswerError: it may have arrived, but no whole answer came back.
        """
        async with self._slots:
            await self._pace.turn()
            self.sent[method] += 1
            try:
                answer = await self._client.request(method, url, headers=headers, content=content)
            except (httpx.RequestError, httpx.InvalidURL) as error:
                failure = translated(error)
            else:
                return Answer(answer.status_code, dict(answer.headers), answer.content)
        if isinstance(failure, NotSentError):
            self.sent[method] -= 1
        raise failure  # out here it carries no context, which would hold the request's token

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
