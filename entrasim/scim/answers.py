"""What an answer means: a resource, or an error that says what to do about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from entrasim.errors import (
    AnswerLostError,
    ConflictError,
    CredentialsRefusedError,
    EntrasimError,
    TargetError,
    TransientTargetError,
)
from entrasim.ports import WireRequest
from entrasim.scim import messages
from entrasim.scim.masking import Mask
from entrasim.transport import Answer, NotSentError, TransportError, retry_after

INCOMPATIBLE = "SystemForCrossDomainIdentityManagementServiceIncompatible"

_CODES = {404: "InvalidAnchor", 422: "UnprocessableEntity"}
_QUOTED = 300  # characters of a body; enough for any SCIM error, too few for a page
_OURS = ("filter=", "excludedAttributes=", "attributes=", "startIndex=", "count=")
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")


class Answers:
    """Reads answers; knows the token only to keep it out of what is said of them.

    Every text quotes method, URL, status and the start of the body, and says how often the
    request was sent, if more than once, and how long a busy target asks to wait.
    """

    def __init__(
        self, token: str, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._mask, self._now = Mask(token), now

    def resource(self, request: WireRequest, answer: Answer) -> Mapping[str, Any]:
        """The resource, which has an id, of a good answer.

        Raises:
            AnswerLostError: a POST was taken, but its answer can't be read: the object may
                exist.
            TargetError: any other answer that is no SCIM resource.
        """
        self._check(request, answer)
        body = messages.document(answer)
        if body is None or messages.is_error(body):
            raise self._unreadable(request, answer, "no SCIM resource")
        if not messages.has_id(body):
            raise self._unreadable(request, answer, "a resource without id")
        return body

    def resources(self, request: WireRequest, answer: Answer) -> tuple[Mapping[str, Any], ...]:
        """All resources of a search.

        Raises:
            TargetError: it is no list, or doesn't hold what it announces.
        """
        found, announced = self.page(request, answer)
        if announced > len(found):
            raise self._unreadable(request, answer, "a list without all that it announces")
        return found

    def page(
        self, request: WireRequest, answer: Answer
    ) -> tuple[tuple[Mapping[str, Any], ...], int]:
        """The resources on one page of a list, and how many the list says there are.

        Raises:
            TargetError: it is no list.
        """
        self._check(request, answer)
        body = messages.document(answer)
        found = None if body is None else messages.listed(body)
        if body is None or found is None:
            raise self._unreadable(request, answer, "no list of SCIM resources")
        return found, messages.announced(body)

    def accept(self, request: WireRequest, answer: Answer) -> None:
        """Take a change as done; its answer may be empty or tell about the resource.

        Raises:
            TargetError: it was refused, or something else than SCIM answered.
        """
        self._check(request, answer)
        if answer.content.strip():
            body = messages.document(answer)
            if body is None or messages.is_error(body):
                raise self._unreadable(request, answer, "no SCIM resource")

    def lost(self, request: WireRequest, error: TransportError) -> TargetError:
        """The error of a request without an answer."""
        message = f"{_place(request)}: {error}{_often(error.times)}"
        if isinstance(error, NotSentError):
            return TransientTargetError(message, code="WebExceptionProtocolError")
        if request.method == "POST":
            return AnswerLostError(f"{message}; it may have been created all the same")
        return TransientTargetError(message, code="Timeout")

    def _check(self, request: WireRequest, answer: Answer) -> None:
        if not 200 <= answer.status < 300:  # noqa: PLR2004 - RFC 9110 §15.3
            raise _refusal(answer.status, self._told(request, answer, "the target answered"))

    def _unreadable(self, request: WireRequest, answer: Answer, what: str) -> TargetError:
        message = self._told(request, answer, f"the answer is {what}:")
        kind = AnswerLostError if request.method == "POST" else TargetError
        return kind(message, code=INCOMPATIBLE)

    def _told(self, request: WireRequest, answer: Answer, what: str) -> str:
        body = self._mask.of(answer.content.decode("utf-8", "replace"))
        start = _UNPRINTABLE.sub(" ", body[: _QUOTED * 4]).strip()[:_QUOTED]
        said = f"{_place(request)}: {what} {answer.status} {start or '(no body)'}"
        wait = retry_after(answer, self._now())
        asked = "" if wait is None else f"; it asks to wait {wait.total_seconds():,.0f} s"
        return f"{said}{asked}{_often(answer.times)}"


def _refusal(status: int, message: str) -> EntrasimError:
    """The error that a status stands for."""
    match status:
        case 401 | 403:
            return CredentialsRefusedError(
                f"{message}; the cycle ends here and the next one goes on: check target.token, "
                "and what it is allowed to do"
            )
        case 408:
            return TransientTargetError(message, code="Timeout")
        case 409:
            return ConflictError(message)
        case 429:
            return TransientTargetError(message, code="TooManyRequests")
        case 501:
            return TargetError(message, code="NotImplemented")
        case _ if status >= 500:  # noqa: PLR2004 - RFC 9110 §15.6
            return TransientTargetError(message)
        case _ if status < 400:  # noqa: PLR2004 - RFC 9110 §15.4
            return TargetError(f"{message}; redirects are not followed", code=INCOMPATIBLE)
        case _:
            return TargetError(message, code=_CODES.get(status))


def _often(times: int) -> str:
    return f"; sent {times} times" if times > 1 else ""


def _place(request: WireRequest) -> str:
    """Method and URL to be shown; of the query only what this client itself put there."""
    parts = urlsplit(request.url)
    query = "&".join(p for p in parts.query.split("&") if p.startswith(_OURS))
    return f"{request.method} {parts._replace(query=query).geturl()}"
