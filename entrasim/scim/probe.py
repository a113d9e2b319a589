"""The connection probe: what its answer says about URL, token and network.

Source: "Test connection" in learn.microsoft.com/entra/identity/app-provisioning/
use-scim-to-provision-users-and-groups
"""

from __future__ import annotations

from entrasim.errors import (
    CredentialsRefusedError,
    CycleError,
    IncompatibleTargetError,
    TargetUnreachableError,
)
from entrasim.ports import WireRequest
from entrasim.scim import messages
from entrasim.transport import Answer, NotSentError, TlsError, TransportError, UntrustedServerError


def diagnose(request: WireRequest, answer: Answer) -> None:
    """Accept an empty list, and say what any other answer means.

    Raises:
        CredentialsRefusedError, TargetUnreachableError, IncompatibleTargetError.
    """
    place, status = _place(request), answer.status
    if status in {401, 403}:
        raise CredentialsRefusedError(
            f"{place} refuses the token ({status}): check target.token, and whether the "
            "connection it was made for still exists"
        )
    if status in {408, 429} or status >= 500:  # noqa: PLR2004 - RFC 9110 §15.6
        raise TargetUnreachableError(f"{place} answers {status}: try again later")
    if (problem := _problem(answer)) is not None:
        raise IncompatibleTargetError(
            f"{place} {problem}: not SCIM compatible, check the tenant URL (target.base_url)"
        )


def unreachable(request: WireRequest, error: TransportError) -> CycleError:
    """What it means that no answer came."""
    place = _place(request)
    match error:
        case UntrustedServerError():
            advice = "its certificate is not trusted: name the file of its CA as target.ca_file"
        case TlsError():
            advice = "no TLS there: does the URL want http instead of https?"
        case NotSentError():
            advice = "it can't be reached: is it running, and are host and port right?"
        case _ if request.url.startswith("http:"):
            advice = "it doesn't answer as HTTP: is it too busy, or does the URL want https?"
        case _:
            advice = "it doesn't answer: is it too busy, or another program?"
    return TargetUnreachableError(f"{place}: {advice} ({error})")


def _problem(answer: Answer) -> str | None:
    """What is wrong with an answer that should be an empty list."""
    if answer.status == 404:  # noqa: PLR2004 - RFC 9110 §15.5.5
        return "has nothing there (404)"
    if 300 <= answer.status < 400:  # noqa: PLR2004 - RFC 9110 §15.4
        return f"redirects elsewhere ({answer.status}), which is not followed"
    if answer.content.lstrip().startswith(b"<"):
        return f"answers {answer.status} with a web page"
    body = messages.document(answer)
    found = None if body is None else messages.listed(body)
    if answer.status != 200 or body is None or found is None:  # noqa: PLR2004 - RFC 7644 §3.4.2
        return f"answers {answer.status} with no list of SCIM resources"
    if found or messages.announced(body):
        return "finds somebody who can't exist, as if it ignored the filter"
    return None


def _place(request: WireRequest) -> str:
    return request.url.partition("?")[0]
