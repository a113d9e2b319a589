"""The webhook: a notice as JSON, by POST.

The document, whose times are in UTC:

    {
      "id": "0f0a5e0c-…",           the same when a notice is sent again: drop what you know
      "jobId": "engagedly",
      "event": "quarantineBegan",   or quarantineReasonChanged, jobDisabled, test
      "reason": "TooManyDeletes",
      "message": "612 would leave at once, …",
      "beganAt": "2026-11-25T09:20:00Z",
      "nextAttempt": "2026-11-25T10:40:00Z",   or null
      "cycleId": "…"                           or null
    }

Any 2xx says that it was taken.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from entrasim import __version__
from entrasim.model.notice import Notice
from entrasim.notify.channels import DeliveryError
from entrasim.transport import HttpClient, TransportError

_SUCCESS, _REDIRECTION = 2, 3  # hundreds of the status


class Webhook:
    """Posts notices to a URL, which may hold a secret: only its host is ever told."""

    name = "webhook"

    def __init__(self, *, url: str, token: str | None, client: HttpClient) -> None:
        self._url, self._client = url, client
        self._host = urlsplit(url).hostname
        self._headers = {
            "Accept": "*/*",
            "Content-Type": "application/json",
            "User-Agent": f"entrasim/{__version__}",
            **({"Authorization": f"Bearer {token}"} if token else {}),
        }

    async def deliver(self, notice: Notice) -> None:
        """Post it once; redirects are not followed, so that the token stays here.

        Raises:
            DeliveryError: no answer, or another than 2xx.
        """
        content = msgspec.json.encode(document(notice))
        try:
            answer = await self._client.send("POST", self._url, self._headers, content)
        except TransportError as error:
            raise DeliveryError(f"{self._host}: {error}") from None
        if answer.status // 100 == _REDIRECTION:
            raise DeliveryError(
                f"{self._host} answered {answer.status}; redirects are not followed, so give "
                "the URL that it leads to"
            )
        if answer.status // 100 != _SUCCESS:
            raise DeliveryError(f"{self._host} answered {answer.status}")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


def document(notice: Notice) -> dict[str, str | None]:
    """A notice as the receiver reads it."""
    following = notice.next_attempt_at
    return {
        "id": notice.id,
        "jobId": notice.job_id,
        "event": notice.kind.value,
        "reason": notice.reason,
        "message": notice.message,
        "beganAt": _moment(notice.began_at),
        "nextAttempt": None if following is None else _moment(following),
        "cycleId": notice.cycle_id,
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
