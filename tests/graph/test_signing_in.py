"""Signing in by azure-identity, at an authority of one's own, and why that can fail."""

from __future__ import annotations

import subprocess
from urllib.parse import parse_qs

import msgspec
import pytest
from fake_graph import TOKEN, user

from entrasim.directory.graph import diagnosing
from entrasim.directory.graph.source import GraphSource
from entrasim.errors import ConfigurationError, SourceError
from entrasim.transport import Answer

SECRET = "a-secret-that-nobody-may-see"
CLIENT = "0c0c0c0c-0000-0000-0000-000000000001"


@pytest.fixture
async def authority(serve, server_tls):
    """Signs in whoever knows the secret or shows a certificate; or refuses, as told."""
    return await _Authority.start(serve, server_tls)


class _Authority:
    def __init__(self):
        self.forms, self.answers = [], []

    @classmethod
    async def start(cls, serve, tls):
        made = cls()
        made.url = f"https://127.0.0.1:{await serve(made._answer, tls)}"
        return made

    async def _answer(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(head.lower().partition("content-length:")[2].partition("\r\n")[0])
        form = {k: v[0] for k, v in parse_qs((await reader.readexactly(length)).decode()).items()}
        self.forms.append((head.split()[1], form))
        granted = (200, {"token_type": "Bearer", "expires_in": 3599, "access_token": TOKEN})
        status, json = self.answers.pop(0) if self.answers else granted
        body = msgspec.json.encode(json)
        told = "Content-Type: application/json\r\nConnection: close"
        start = f"HTTP/1.1 {status} X\r\n{told}\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(start.encode() + body)
        await writer.drain()


def refusal(code, status=401):
    text = f"AADSTS{code}: something is wrong. Trace ID: 1 Timestamp: 2026-01-05 08:00:00Z"
    return status, {"error": "invalid_client", "error_description": text, "error_codes": [code]}


@pytest.fixture
def signing(directory_of, authority, certificates):
    def make(**settings):
        known = {
            "credential": "secret",
            "token": None,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "authority": authority.url,
            "authority_is_own": True,
            "ca_file": certificates.ca,
            "tenant_id": "contoso.example",
        }
        return directory_of(**{**known, **settings})

    return make


async def told(directory):
    with pytest.raises((SourceError, ConfigurationError)) as caught:
        await directory.read(None)
    return str(caught.value)


async def test_client_secret_gets_a_token_once(graph, signing, authority):
    graph.settle([user("ada")], assigned=[])
    directory = signing()

    await directory.read(None)
    await directory.read(None)

    ((path, form),) = authority.forms
    assert path == "/contoso.example/oauth2/v2.0/token"
    assert (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
    assert form["scope"] == "https://127.0.0.1/.default"


async def test_certificate_signs_for_a_token(graph, signing, authority, key_and_certificate):
    graph.settle([user("ada")], assigned=[])
    by = {"credential": "certificate", "client_secret": None, "certificate": key_and_certificate}

    await signing(**by).read(None)

    ((_, form),) = authority.forms
    assert form["client_assertion_type"].endswith("jwt-bearer")


async def test_federated_token_of_a_workload_is_traded(
    graph, signing, authority, tmp_path, monkeypatch
):
    graph.settle([user("ada")], assigned=[])
    (tmp_path / "federated").write_text("a-federated-token")
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(tmp_path / "federated"))

    await signing(credential="workload", client_secret=None).read(None)

    ((_, form),) = authority.forms
    assert form["client_assertion"] == "a-federated-token"


@pytest.mark.parametrize(
    ("code", "key", "expected"),
    [
        (90002, "tenant_id", "Entra knows no tenant contoso.example"),
        (700016, "client_id", f"tenant contoso.example has no application {CLIENT}"),
        (7000215, "client_secret", "give its value, not its id"),
        (7000222, "client_secret", "it has expired"),
        (700213, "credential", "no federated identity credential"),
        (4242, "credential", "no token for Graph: AADSTS4242"),
    ],
)
async def test_refusal_names_the_key_to_correct(signing, authority, code, key, expected):
    authority.answers = [refusal(code)]

    text = await told(signing())

    assert text.startswith(f"jobs.engagedly.directory.{key}: ")
    assert expected in text
    assert SECRET not in text


@pytest.mark.parametrize(
    ("credential", "key"), [("secret", "client_secret"), ("managed-identity", "credential")]
)
def test_token_that_graph_refuses_names_the_key_in_the_file(credential, key):
    source = GraphSource(
        place="jobs.x.directory",
        base_url="https://graph.microsoft.com/v1.0",
        scope="s",
        tenant_id="t",
        credential=credential,
    )

    told = diagnosing.refusal(Answer(401, {}, b"{}"), f"{source.base_url}/users/delta", source)

    assert str(told) == f"Graph refuses the token (401); correct jobs.x.directory.{key}"


async def test_refusal_is_told_once_and_not_logged_besides(signing, authority, caplog):
    authority.answers = [refusal(7000215)]

    await told(signing())

    assert caplog.text == ""


async def test_authority_that_is_busy_is_asked_again(graph, signing, authority):
    graph.settle([user("ada")], assigned=[])
    authority.answers = [refusal(90033, status=503), refusal(90033, status=429)]

    reading = await signing().read(None)

    assert len(reading.entries) == 1
    assert len(authority.forms) == 3


async def test_authority_that_is_not_there_is_told(signing):
    text = await told(signing(authority="https://127.0.0.1:9"))

    assert "after 6 tries: signing in at https://127.0.0.1:9: Connect call failed" in text
    assert SECRET not in text


async def test_authority_that_nobody_vouches_for_is_told_at_once(signing, slept):
    text = await told(signing(ca_file=None))

    assert "unable to get local issuer certificate" in text
    assert text.endswith("its CA as jobs.engagedly.directory.ca_file; nothing was written")
    assert slept == []


async def test_certificate_that_is_none_names_its_key(signing, tmp_path):
    (tmp_path / "entra.pem").write_text("no certificate")

    text = await told(
        signing(credential="certificate", client_secret=None, certificate=tmp_path / "entra.pem")
    )

    assert text.startswith("jobs.engagedly.directory.certificate: ")


async def test_federated_token_that_is_not_there_names_its_key(signing, monkeypatch):
    monkeypatch.delenv("AZURE_FEDERATED_TOKEN_FILE", raising=False)

    text = await told(signing(credential="workload", client_secret=None))

    assert text.startswith("jobs.engagedly.directory.credential: ")


def test_secret_in_somebody_else_s_words_is_not_repeated():
    source = GraphSource(
        place="jobs.x.directory",
        base_url="https://graph.microsoft.com/v1.0",
        scope="",
        tenant_id="t",
        credential="secret",
        client_secret=SECRET,
    )

    text = str(diagnosing.refused_sign_in(f"the secret {SECRET} is odd", source))

    assert text == "jobs.x.directory.credential: no token for Graph: the secret *** is odd"
    assert SECRET not in repr(source)


@pytest.fixture(scope="module")
def key_and_certificate(tmp_path_factory):
    """What one uploads to an app registration, and its key."""
    folder = tmp_path_factory.mktemp("client")
    made = ("-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=reader", "-keyout", "-")
    done = subprocess.run(["openssl", "req", *made], cwd=folder, check=True, capture_output=True)
    (folder / "entra.pem").write_bytes(done.stdout)
    return folder / "entra.pem"
