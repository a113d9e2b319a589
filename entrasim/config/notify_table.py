"""The shape of `[jobs.notify]`: whom to tell when a job is in trouble, and how."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from entrasim.config.table import Duration, Strict
from entrasim.protection.admission import LOOPBACK

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)


_HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+", re.ASCII | re.IGNORECASE)


def _mail_host(value: str) -> str:
    if not _HOST.fullmatch(value):
        raise ValueError("expected a host like smtp.contoso.com; the port goes into port")
    return value


def _mail_address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("expected a mail address like provisioning@contoso.com")
    return value


def _several(value: object) -> object:
    """A list; the environment can give but one text, with commas."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


MailAddress = Annotated[str, AfterValidator(_mail_address)]


class MailTable(Strict):
    """`[jobs.notify.mail]`: by which server, and to whom.

    Entra knows the addresses alone, as `SyncNotificationSettings`.
    """

    host: Annotated[str, AfterValidator(_mail_host)]
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] | None = None
    from_: MailAddress = Field(alias="from")
    to: Annotated[tuple[MailAddress, ...], BeforeValidator(_several), Field(min_length=1)]
    username: str | None = None
    password: str | None = Field(default=None, repr=False)
    ca_file: Path | None = None
    timeout: Duration = timedelta(seconds=30)

    @model_validator(mode="after")
    def _knows_both_or_neither(self) -> Self:
        if (self.username is None) != (self.password is None):
            raise ValueError("give both username and password, or neither")
        return self

    @property
    def transport(self) -> Literal["starttls", "tls", "none"]:
        """How the connection is secured: by STARTTLS, but on this very machine."""
        return self.security or ("none" if self.host in LOOPBACK else "starttls")

    @property
    def transport_port(self) -> int:
        """The port that goes with it (RFC 6409, RFC 8314), unless another is given."""
        return self.port or {"starttls": 587, "tls": 465, "none": 25}[self.transport]


class NotifyTable(Strict):
    """`[jobs.notify]`: whom to tell when a job is in trouble, and how."""

    webhook: str | None = Field(default=None, repr=False)
    webhook_token: str | None = Field(default=None, repr=False)
    webhook_ca_file: Path | None = None
    webhook_timeout: Duration = timedelta(seconds=30)
    mail: MailTable | None = None

    @model_validator(mode="after")
    def _has_what_the_token_is_for(self) -> Self:
        if self.webhook is None and (self.webhook_token or self.webhook_ca_file):
            raise ValueError("webhook_token and webhook_ca_file go with a webhook; give its URL")
        return self
