"""Real servers that take notices, and notices to give them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP, AuthResult
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from entrasim.errors import NotificationError
from entrasim.model.notice import Notice, NoticeKind
from entrasim.notify import Channels

NINE = datetime(2026, 11, 25, 9, 20, tzinfo=UTC)


def a_notice(**changed):
    facts = {
        "job_id": "engagedly",
        "kind": NoticeKind.QUARANTINE_BEGAN,
        "reason": "TooManyDeletes",
        "message": "612 would leave at once, more than the 500 allowed",
        "began_at": NINE,
        "next_attempt_at": NINE.replace(hour=10, minute=40),
        "cycle_id": "c1",
    }
    return Notice(**{**facts, **changed})


async def failure_of(channel, notice=None):
    """What a channel's failure reads like, as the caller gets it; None if it delivered."""
    try:
        await Channels([channel]).notify(notice or a_notice())
    except NotificationError as error:
        return error
    return None


def text_of(letter):
    """A letter's text, with the line ends that people type."""
    return letter.get_content().replace("\r\n", "\n")


@dataclass
class Receiver:
    """Takes webhooks, and answers as it is told."""

    status: int = 200
    headers: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)

    @property
    def app(self):
        async def take(request):
            self.calls.append((request.headers, await request.json()))
            return JSONResponse({"echo": dict(request.headers)}, self.status, self.headers)

        return Starlette(routes=[Route("/{rest:path}", take, methods=["POST", "GET"])])


@dataclass
class PostOffice:
    """Takes mail, as its rules allow."""

    refused: tuple = ()
    credentials: tuple = ()
    letters: list = field(default_factory=list)
    secured: list = field(default_factory=list)

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        if address in self.refused:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 - likewise
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.letters.append((message, envelope.rcpt_tos))
        self.secured.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 OK"

    def authenticate(self, _server, _session, _envelope, mechanism, data):
        """Say yes to the one who is known; to others, no, repeating what they said."""
        said = (data.login.decode(), data.password.decode())
        answer = None if said == self.credentials else f"535 {mechanism} {' '.join(said)}"
        return AuthResult(success=answer is None, handled=False, message=answer)

    async def open(self, *, tls=None, from_the_start=False):
        """Listen; TLS by STARTTLS, or from the start."""
        loop = asyncio.get_running_loop()

        def session():
            return SMTP(
                self,
                hostname="localhost",
                tls_context=None if from_the_start else tls,
                auth_require_tls=False,
                authenticator=self.authenticate if self.credentials else None,
                auth_exclude_mechanism=["LOGIN"],
                loop=loop,
            )

        return await loop.create_server(
            session, "127.0.0.1", 0, ssl=tls if from_the_start else None
        )
