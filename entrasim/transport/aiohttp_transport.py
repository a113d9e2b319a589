"""An httpx transport over aiohttp, with errors that say whether a request may have been sent.

httpx's own pool slows down with the square of its connections, and the published bridge
reports a POST whose answer was lost as a connect time-out, which would invite a second POST.
"""

from __future__ import annotations

import ssl
from datetime import timedelta

import aiohttp
import httpx
from yarl import URL

_WRITTEN_BY_AIOHTTP = frozenset({b"host", b"content-length", b"transfer-encoding", b"connection"})
_NOT_OF_ITS_OWN = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
_NO_LONGER_TRUE = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class _Request(aiohttp.ClientRequest):
    """A request that says nothing of a body where none is expected (RFC 9110 §8.6).

    aiohttp would put `Content-Length: 0` on a DELETE; .NET's client, which Entra is built on,
    doesn't (github.com/dotnet/runtime, `HttpMethod.MustHaveRequestBody`).
    """

    GET_METHODS = aiohttp.ClientRequest.GET_METHODS | {"DELETE"}


class _TooLongError(aiohttp.ClientPayloadError):
    """An answer of more bytes than are read."""


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Sends httpx's requests through aiohttp's connection pool.

    URL and header names reach the wire as they were given, redirects are handed back,
    cookies are forgotten. `total` bounds a request from the first packet to the last byte of
    its answer, and half of it the way to a connection, so that a time-out after sending is
    never taken for one before. An answer of more than `most_bytes`, unpacked, is refused.
    aiohttp itself repeats a GET, PUT or DELETE once when a kept-alive connection turns out
    to be closed, never a POST or PATCH.
    """

    def __init__(
        self, *, connections: int, tls: ssl.SSLContext, total: timedelta, most_bytes: int
    ) -> None:
        self._connections, self._tls, self._most_bytes = connections, tls, most_bytes
        seconds = total.total_seconds()
        self._timeout = aiohttp.ClientTimeout(total=seconds, connect=seconds / 2)
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and read its whole answer.

        Raises:
            httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol: it never left.
            httpx.TransportError: any other kind means that it may have arrived.
        """
        body = await request.aread()
        try:
            async with self._open().request(
                request.method,
                URL(str(request.url), encoded=True),
                headers=_as_given(request),
                data=body or None,
                allow_redirects=False,
            ) as answer:
                content = await self._read(answer)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _translated(error, request) from error
        headers = [h for h in answer.raw_headers if h[0].lower() not in _NO_LONGER_TRUE]
        return httpx.Response(answer.status, headers=headers, content=content)

    async def aclose(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=self._tls, limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                request_class=_Request,
                skip_auto_headers=_NOT_OF_ITS_OWN,
                timeout=self._timeout,
            )
        return self._session

    async def _read(self, answer: aiohttp.ClientResponse) -> bytes:
        content = bytearray()
        async for part in answer.content.iter_any():
            content += part
            if len(content) > self._most_bytes:
                answer.close()
                raise _TooLongError(f"the answer is longer than {self._most_bytes:,} bytes")
        return bytes(content)


def _as_given(request: httpx.Request) -> list[tuple[str, str]]:
    return [
        (name.decode("ascii"), value.decode("ascii"))
        for name, value in request.headers.raw
        if name.lower() not in _WRITTEN_BY_AIOHTTP
    ]


def _translated(
    error: aiohttp.ClientError | TimeoutError, request: httpx.Request
) -> httpx.TransportError:
    """Tell what never left from what may have arrived; what is unknown may have."""
    match error:
        case aiohttp.ConnectionTimeoutError():
            return httpx.ConnectTimeout("no connection in time", request=request)
        case aiohttp.InvalidURL():
            return httpx.UnsupportedProtocol("not a URL to send to", request=request)
        case aiohttp.ClientConnectorError(os_error=cause):
            return httpx.ConnectError(_reason(cause), request=request)
        case TimeoutError():
            return httpx.ReadTimeout("no answer in time", request=request)
        case aiohttp.ClientResponseError(message=message):  # its own text shows the whole URL
            said = message.partition("\n")[0].rstrip(":")  # then it quotes, with a pointer below
            return httpx.RemoteProtocolError(f"no HTTP answer: {said}", request=request)
        case aiohttp.ClientPayloadError() if not isinstance(error, _TooLongError):
            text = "the answer broke off, or can't be unpacked"
            return httpx.RemoteProtocolError(text, request=request)
        case aiohttp.ServerDisconnectedError():
            return httpx.RemoteProtocolError("the connection was closed", request=request)
        case aiohttp.ClientOSError():
            return httpx.ReadError("the connection was broken off", request=request)
        case _:
            return httpx.RemoteProtocolError(str(error), request=request)


def _reason(cause: OSError) -> str:
    if isinstance(cause, ConnectionRefusedError):
        return "connection refused"
    return cause.strerror or str(cause) or type(cause).__name__
