"""The real daemon over HTTPS, by a CA of its own."""

from __future__ import annotations

import asyncio
import json
import ssl
from pathlib import Path
from uuid import uuid4

import httpx
from azure.identity import ClientSecretCredential
from azure.identity.aio import ClientSecretCredential as AsyncClientSecretCredential
from daemon import Daemon

SCOPE = "https://graph.microsoft.com/.default"
SECRET = {"ENTRASIM_SERVICE__API_TOKEN": "env:API", "API": "s3cret"}


def root(daemon):
    return daemon.url.removesuffix("/health")


def ca_of(site):
    return site.folder / "state" / "tls" / "ca.pem"


def client(site):
    return httpx.AsyncClient(verify=ssl.create_default_context(cafile=ca_of(site)))


def sign_in(daemon, site):
    trust = {"connection_verify": str(ca_of(site)), "disable_instance_discovery": True}
    here = root(daemon)
    with ClientSecretCredential(
        "contoso.com", str(uuid4()), "s3cret", authority=here, **trust
    ) as c:
        return c.get_token(SCOPE).token


async def test_azure_identity_signs_in_at_the_daemon_and_stays_in_after_a_restart(site):
    first = await Daemon.started(site, "--tls", "--json", **SECRET)
    told = json.loads(await first.process.stdout.readline())
    token = await asyncio.to_thread(sign_in, first, site)
    await first.stopped()
    ca = ca_of(site).read_bytes()

    second = await Daemon.started(site, "--tls", **SECRET)
    async with client(site) as asking:
        bearer = {"Authorization": f"Bearer {token}"}
        listed = await asking.get(f"{root(second)}/v1.0/servicePrincipals", headers=bearer)
        refused = await asking.get(f"{root(second)}/v1.0/servicePrincipals")
    await second.stopped()

    assert (told["url"], Path(told["ca"])) == (root(first), ca_of(site))
    assert root(first).startswith("https://127.0.0.1:")
    assert (listed.status_code, refused.status_code) == (200, 401)
    assert ca_of(site).read_bytes() == ca
    assert [line for line in first.lines if f"Clients trust it by {ca_of(site)}" in line]
    assert not [line for line in (*first.lines, *second.lines) if "s3cret" in line]


async def test_daemon_over_tls_bears_who_does_not_speak_it_or_asks_too_much(site):
    daemon = await Daemon.started(site, "--tls")
    port = int(root(daemon).rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")

    plain = await reader.read()
    writer.close()
    async with client(site) as asking:
        large = await asking.post(f"{root(daemon)}/v1.0/applications", content=b"x" * 2_000_000)
        health = await asking.get(daemon.url)
    await daemon.stopped()

    assert plain == b""
    assert (large.status_code, health.status_code) == (413, 200)


async def test_asynchronous_azure_identity_needs_no_flag(site):
    daemon = await Daemon.started(site, "--tls")
    credential = AsyncClientSecretCredential(
        "common",
        str(uuid4()),
        "any secret",
        authority=root(daemon),
        connection_verify=str(ca_of(site)),
    )

    async with credential:
        token = await credential.get_token(SCOPE)
    await daemon.stopped()

    assert token.token.count(".") == 2
