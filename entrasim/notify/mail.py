"""Mail: a notice as a letter that somebody can act on."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from typing import Literal

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from entrasim.model.notice import Notice
from entrasim.notify.channels import DeliveryError
from entrasim.notify.wording import headline, letter
from entrasim.ports import Clock

Security = Literal["starttls", "tls", "none"]

_LONGEST = 300  # characters that are kept of what a server says


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes mail, and how to speak with it.

    Attributes:
        security: TLS from the start, by STARTTLS, or none; a server that lacks what is
            asked for gets no mail.
        tls: whom to believe.
        timeout: bounds a delivery as a whole.
    """

    host: str
    port: int
    security: Security
    tls: ssl.SSLContext
    timeout: timedelta
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    def client(self) -> SMTP:
        """A client for one delivery."""
        return SMTP(
            hostname=self.host,
            port=self.port,
            username=self.username,
            password=self.password,
            local_hostname=socket.gethostname(),  # the default asks the name server
            timeout=self.timeout.total_seconds(),
            use_tls=self.security == "tls",
            start_tls=self.security == "starttls",
            tls_context=self.tls,
        )


class Mail:
    """Sends notices by mail, one letter to all recipients."""

    name = "mail"

    def __init__(
        self, server: MailServer, *, sender: str, recipients: tuple[str, ...], clock: Clock
    ) -> None:
        self._server, self._clock = server, clock
        self._sender, self._recipients = sender, recipients

    async def deliver(self, notice: Notice) -> None:
        """Send it once.

        Raises:
            DeliveryError: nobody got it, or some recipients were refused.
        """
        client, seconds = self._server.client(), self._server.timeout.total_seconds()
        try:
            async with asyncio.timeout(seconds):
                await client.connect()
                refused, _ = await client.send_message(
                    self._letter(notice), sender=self._sender, recipients=self._recipients
                )
            with contextlib.suppress(SMTPException, OSError):  # it has the letter, polite or not
                await client.quit(timeout=seconds)
        except (SMTPException, OSError, UnicodeError) as error:  # the last by odd host names
            raise self._failed(_reason(error)) from None
        finally:
            client.close()
        if refused:
            names = ", ".join(f"{who} ({said})" for who, said in refused.items())
            raise self._failed(f"refused {_in_a_line(names)}", told=True)

    async def close(self) -> None:
        """Nothing stays open between deliveries."""

    def _letter(self, notice: Notice) -> EmailMessage:
        """The notice as mail; a mailbox that knows its Message-ID drops a repetition."""
        message = EmailMessage()
        message["Subject"] = f"entrasim: {headline(notice)}"
        message["From"] = f"entrasim <{self._sender}>"
        message["To"] = ", ".join(self._recipients)
        message["Date"] = self._clock.now()
        message["Message-ID"] = f"<{notice.id}@{self._sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: nobody's robot answers
        message.set_content(letter(notice))
        return message

    def _failed(self, why: str, *, told: bool = False) -> DeliveryError:
        return DeliveryError(f"{self._server.host}:{self._server.port}: {why}", told=told)


def _reason(error: SMTPException | OSError | UnicodeError) -> str:
    """Why, without what the server says of credentials, since it may repeat them."""
    match error:
        case TimeoutError():
            return "no answer in time"
        case SMTPConnectError(__cause__=ConnectionRefusedError()):
            return "connection refused"
        case SMTPAuthenticationError(code=code):
            return f"refused username or password ({code})"
        case SMTPRecipientsRefused(recipients=refused):
            names = ", ".join(f"{one.recipient} ({one.code} {one.message})" for one in refused)
            return f"refused {_in_a_line(names)}"
        case SMTPResponseException(code=code, message=message):
            return _in_a_line(f"answered {code} {message}")
        case SMTPException(message=message):
            return _in_a_line(message)
        case _:
            return _in_a_line(str(error))


def _in_a_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
