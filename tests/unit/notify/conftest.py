"""Channels to real servers, which stop when their test is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from receivers import NINE, PostOffice, Receiver

from entrasim.notify import Mail, MailServer, Webhook
from entrasim.serving import AsgiServer
from entrasim.transport import HttpClient, verifying


class Noon:
    def now(self):
        return NINE.replace(hour=12)


@pytest.fixture
async def receiver():
    """Somebody who takes webhooks; gives them and their URL."""
    found = Receiver()
    async with AsgiServer(found.app) as server:
        found.url = server.url
        yield found


@pytest.fixture
async def webhook_to():
    """Makes a webhook of a URL."""
    webhooks = []

    def make(url, *, token=None, seconds=10.0, ca_file=None):
        client = HttpClient.connect(
            timeout=timedelta(seconds=seconds), concurrency=1, ca_file=ca_file
        )
        webhooks.append(Webhook(url=url, token=token, client=client))
        return webhooks[-1]

    yield make
    for webhook in webhooks:
        await webhook.close()


@pytest.fixture
async def post_office():
    """Opens a mail server; gives it with its port."""
    servers = []

    async def opened(*, tls=None, from_the_start=False, **rules):
        office = PostOffice(**rules)
        servers.append(await office.open(tls=tls, from_the_start=from_the_start))
        office.port = servers[-1].sockets[0].getsockname()[1]
        return office

    yield opened
    for server in servers:
        server.close()
        await server.wait_closed()


@pytest.fixture
def mail_to(certificates):
    """Makes a channel that mails to two people by the server on a port."""

    def make(port, *, trusting=True, seconds=10.0, credentials=(None, None), **settings):
        server = MailServer(
            **{"host": "127.0.0.1", "port": port, "security": "none", **settings},
            tls=verifying(certificates.ca if trusting else None),
            timeout=timedelta(seconds=seconds),
            username=credentials[0],
            password=credentials[1],
        )
        recipients = ("it@contoso.com", "hr@contoso.com")
        return Mail(server, sender="idm@contoso.com", recipients=recipients, clock=Noon())

    return make
