"""The only code that speaks HTTP outwards."""

from entrasim.transport.client import Answer, HttpClient
from entrasim.transport.errors import (
    NoAnswerError,
    NotSentError,
    TlsError,
    TransportError,
    UntrustedServerError,
)

__all__ = [
    "Answer",
    "HttpClient",
    "NoAnswerError",
    "NotSentError",
    "TlsError",
    "TransportError",
    "UntrustedServerError",
]
