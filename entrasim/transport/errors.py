"""How a request can end without an answer, told apart by what may have arrived.

TransportError
├── NotSentError             it never left: sending it again is safe
│   ├── UntrustedServerError the server's certificate is not trusted
│   ├── TlsError             no TLS connection came about
│   └── UnsendableError      it is none that could be sent
└── NoAnswerError            it may have arrived: find out before sending it again
"""

from __future__ import annotations

import httpx

_UNSENDABLE = (httpx.UnsupportedProtocol, httpx.InvalidURL)
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, *_UNSENDABLE)


class TransportError(Exception):
    """No answer that could be read; the text says why, and holds neither URL nor header.

    Attributes:
        times: how often the request was sent, or tried to be.
        lasting: whether sending it again can't help.
    """

    times = 1
    lasting = False


class NotSentError(TransportError):
    """The request never left: it is safe to send it again."""


class UntrustedServerError(NotSentError):
    """The server's certificate is not trusted, or belongs to another host."""

    lasting = True


class TlsError(NotSentError):
    """The server and this client came to no TLS connection."""

    lasting = True


class UnsendableError(NotSentError):
    """The request is none that could be sent: its URL is too long, or no URL."""

    lasting = True


class NoAnswerError(TransportError):
    """The request may have arrived: find out before sending it again."""


def translated(error: httpx.RequestError | httpx.InvalidURL) -> TransportError:
    """Say of httpx's error what it means for sending again."""
    import aiohttp  # noqa: PLC0415 - slow to import, and here by now

    text = str(error)
    if not isinstance(error, _NEVER_LEFT):
        return NoAnswerError(text)
    if isinstance(error, _UNSENDABLE):
        return UnsendableError(text)
    match error.__cause__:
        case aiohttp.ClientConnectorCertificateError():
            return UntrustedServerError(text)
        case aiohttp.ClientSSLError():
            return TlsError(text)
        case _:
            return NotSentError(text)
