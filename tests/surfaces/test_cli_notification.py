"""entrasim test-notification: who was told, who wasn't, and why."""

from __future__ import annotations

import asyncio
import json

import pytest
from aiosmtpd.smtp import SMTP
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from entrasim.serving import AsgiServer

PREFIX = "ENTRASIM_JOBS__ENGAGEDLY__NOTIFY__"
SECRETS = ("p4th", "s3cret", "pa55")


class Letters(list):
    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        self.append(envelope)
        return "250 OK"


@pytest.fixture
async def mail():
    """A mail server: its letters, and the settings that lead there."""
    loop, letters = asyncio.get_running_loop(), Letters()
    server = await loop.create_server(
        lambda: SMTP(letters, hostname="localhost", loop=loop), "127.0.0.1", 0
    )
    letters.settings = {
        f"{PREFIX}MAIL__HOST": "127.0.0.1",
        f"{PREFIX}MAIL__PORT": str(server.sockets[0].getsockname()[1]),
        f"{PREFIX}MAIL__FROM": "idm@contoso.com",
        f"{PREFIX}MAIL__TO": "it@contoso.com",
    }
    yield letters
    server.close()
    await server.wait_closed()


@pytest.fixture
async def webhook():
    """A receiver: its documents, the status it answers, and the settings that lead there."""

    async def take(request):
        webhook.documents.append(await request.json())
        return Response(status_code=webhook.status)

    webhook = type("Webhook", (), {"documents": [], "status": 204})
    app = Starlette(routes=[Route("/p4th", take, methods=["POST"])])
    async with AsgiServer(app) as server:
        webhook.settings = {
            f"{PREFIX}WEBHOOK": "env:HOOK",
            f"{PREFIX}WEBHOOK_TOKEN": "env:HOOK_TOKEN",
            "HOOK": f"{server.url}/p4th",
            "HOOK_TOKEN": "s3cret",
        }
        yield webhook


async def test_everybody_is_told(site, mail, webhook):
    code, out, err = await site.run("test-notification", **mail.settings, **webhook.settings)

    assert (code, out, err) == (0, "✓ webhook: sent\n✓ mail: sent\n", "")
    assert [document["event"] for document in webhook.documents] == ["test"]
    assert [envelope.rcpt_tos for envelope in mail] == [["it@contoso.com"]]


async def test_channel_that_fails_is_named_with_the_reason_and_no_secret(site, mail, webhook):
    webhook.status = 500

    code, out, err = await site.run("test-notification", **mail.settings, **webhook.settings)

    assert code == 1
    assert out == "✗ webhook: 127.0.0.1 answered 500\n✓ mail: sent\n"
    assert not [secret for secret in SECRETS if secret in out + err]


async def test_json_tells_the_same(site, mail, webhook):
    webhook.status = 500

    code, out, _ = await site.run(
        "test-notification", "--json", **mail.settings, **webhook.settings
    )

    assert code == 1
    assert json.loads(out) == {
        "jobId": "engagedly",
        "told": ["mail"],
        "failures": {"webhook": "127.0.0.1 answered 500"},
    }


async def test_password_refused_is_told_without_it(site, mail):
    credentials = {
        f"{PREFIX}MAIL__USERNAME": "idm",
        f"{PREFIX}MAIL__PASSWORD": "env:PASSWORD",
        "PASSWORD": "pa55",
    }

    code, out, err = await site.run("test-notification", **mail.settings, **credentials)

    assert code == 1
    assert "✗ mail: 127.0.0.1:" in out
    assert not [secret for secret in SECRETS if secret in out + err]


async def test_nothing_configured_is_a_mistake_that_says_what_to_configure(site):
    code, out, err = await site.run("test-notification", "--json")

    assert code == 2
    assert json.loads(out)["error"]["code"] == "ConfigurationInvalid"
    assert "jobs.engagedly.notify: nobody is to be told; give a webhook, or a table" in err
