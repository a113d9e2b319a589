"""Where a job's notices go: `[jobs.notify]` with everything it points to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from entrasim.config.notify_table import MailTable, NotifyTable
from entrasim.config.references import References
from entrasim.config.secret import Secret
from entrasim.protection.admission import LOOPBACK

_CLEAR = "sends what it has to say, secrets among it, in clear text;"


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """A webhook: its URL, and what it takes to call it."""

    url: Secret
    token: Secret | None
    ca_file: Path | None
    timeout: timedelta


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail server's password and CA; the table holds the rest."""

    table: MailTable
    password: Secret | None
    ca_file: Path | None


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """Where notices go; nowhere, if neither is there."""

    webhook: WebhookSettings | None
    mail: MailSettings | None

    @property
    def channels(self) -> tuple[str, ...]:
        """The ways that there are, by the names of their settings."""
        return tuple(name for name in ("webhook", "mail") if getattr(self, name) is not None)


def notify_settings(table: NotifyTable, place: str, references: References) -> NotifySettings:
    """Follow what a table points to; what is wrong is noted in `references`."""
    webhook = _webhook(table, place, references)
    return NotifySettings(webhook, _mail(table.mail, f"{place}.mail", references))


def _webhook(table: NotifyTable, place: str, references: References) -> WebhookSettings | None:
    if table.webhook is None:
        return None
    url = references.text(f"{place}.webhook", table.webhook)
    token = references.secret(f"{place}.webhook_token", table.webhook_token)
    ca_file = references.file(f"{place}.webhook_ca_file", table.webhook_ca_file)
    if url is None:
        return None
    _check_url(url.reveal(), f"{place}.webhook", references)
    return WebhookSettings(url, token, ca_file, table.webhook_timeout)


def _check_url(url: str, key: str, references: References) -> None:
    """Note what is wrong with a URL, without showing it."""
    if not _is_url(url):
        references.problem(
            key,
            "expected a URL like https://host/path, without user, password and fragment (#); "
            "a token goes into webhook_token",
        )
    elif url.startswith("http:") and urlsplit(url).hostname not in LOOPBACK:
        references.warning(key, f"{_CLEAR} use https")


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        reachable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    known = text.startswith(("http://", "https://"))
    return known and reachable and parts.username is None and not parts.fragment


def _mail(table: MailTable | None, place: str, references: References) -> MailSettings | None:
    if table is None:
        return None
    password = references.secret(f"{place}.password", table.password)
    if table.transport == "none" and table.username and table.host not in LOOPBACK:
        references.warning(f"{place}.security", f'is "none", which {_CLEAR} use "starttls"')
    ca_file = references.file(f"{place}.ca_file", table.ca_file)
    return MailSettings(table, password, ca_file)
