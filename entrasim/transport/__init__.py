"""The only code that speaks HTTP outwards."""

from entrasim.transport.client import Answer, HttpClient
from entrasim.transport.errors import (
    NoAnswerError,
    NotSentError,
    TlsError,
    TransportError,
    UntrustedServerError,
)
from entrasim.transport.lending import Loan, answer_of, lend
from entrasim.transport.patience import Patience, retry_after
from entrasim.transport.tls import verifying

__all__ = [
    "Answer",
    "HttpClient",
    "Loan",
    "NoAnswerError",
    "NotSentError",
    "Patience",
    "TlsError",
    "TransportError",
    "UntrustedServerError",
    "answer_of",
    "lend",
    "retry_after",
    "verifying",
]
