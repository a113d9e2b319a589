"""Lend connections to an SDK that sends by itself, and read what it got as if we had sent it."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx

from entrasim.transport.client import MOST_BYTES, Answer
from entrasim.transport.errors import translated
from entrasim.transport.tls import verifying

_CONNECTIONS = 4


@dataclass(frozen=True, slots=True)
class Loan:
    """httpx's client over our own transport, for an SDK to wrap as it likes."""

    client: httpx.AsyncClient
    transport: httpx.AsyncBaseTransport

    async def close(self) -> None:
        """Close the connections, whatever the SDK put around them."""
        await self.client.aclose()
        await self.transport.aclose()


def lend(*, timeout: timedelta, ca_file: Path | None = None) -> Loan:
    """Servers are verified, by `ca_file` alone if given; no cookies, nobody's proxies.

    Raises:
        ConfigurationError: the CA file holds no certificate.
    """
    from entrasim.transport.aiohttp_transport import AiohttpTransport  # noqa: PLC0415 - slow to import, and not always needed

    transport = AiohttpTransport(
        connections=_CONNECTIONS, tls=verifying(ca_file), total=timeout, most_bytes=MOST_BYTES
    )
    forgetful = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    client = httpx.AsyncClient(transport=transport, cookies=forgetful, trust_env=False)
    return Loan(client, transport)


async def answer_of(sent: Awaitable[httpx.Response]) -> Answer:
    """What came back of a request that an SDK sends over a client of ours.

    Raises:
        NotSentError: it never left.
        NoAnswerError: it may have arrived, but no whole answer came back.
    """
    try:
        response = await sent
    except (httpx.RequestError, httpx.InvalidURL) as error:
        failure = translated(error)
    else:
        return Answer(response.status_code, dict(response.headers), response.content)
    raise failure  # out here it carries no context, which would hold the request's token
