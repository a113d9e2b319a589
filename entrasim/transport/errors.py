"""How a request can end without an answer, told apart by what may have arrived.

TransportError
├── NotSentError             it never left: sending it again is safe
│   ├── UntrustedServerError the server's certificate is not trusted
│   └── TlsError             no TLS connection came about
└── NoAnswerError            it may have arrived: find out before sending it again
"""

from __future__ import annotations

import httpx

_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


class TransportError(Exception):
    """No answer that could be read; the text says why, and holds neither URL nor header."""


class NotSentError(TransportError):
    """The request never left: it is safe to send it again."""


class UntrustedServerError(NotSentError):
    """The server's certificate is not trusted, or belongs to another host."""


class TlsError(NotSentError):
    """The server and this client came to no TLS connection."""


class NoAnswerError(TransportError):
    """The request may have arrived: find out before sending it again."""


def translated(error: httpx.RequestError | httpx.InvalidURL) -> TransportError:
    """Say of httpx's error what it means for sending again."""
    import aiohttp  # noqa: PLC0415 - slow to import, and here by now

    text = str(error)
    if not isinstance(error, _NEVER_LEFT):
        return NoAnswerError(text)
    match error.__cause__:
        case aiohttp.ClientConnectorCertificateError():
            return UntrustedServerError(text)
        case aiohttp.ClientSSLError():
            return TlsError(text)
        case _:
            return NotSentError(text)
