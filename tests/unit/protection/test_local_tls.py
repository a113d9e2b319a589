"""A CA of one's own: made once, kept, and its server's certificate renewed in time."""

from __future__ import annotations

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography import x509
from starlette.responses import PlainTextResponse

from entrasim.errors import ConfigurationError, StateError
from entrasim.protection.local_tls import LocalTls, given_tls
from entrasim.serving import AsgiServer

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)


class Hours:
    """A clock that is turned forward."""

    def __init__(self, at=NOW):
        self.at = at

    def __call__(self):
        return self.at


def local(folder, host="127.0.0.1", now=None):
    return LocalTls(folder, host, now=now or Hours())


def certificate(folder):
    return x509.load_pem_x509_certificate((folder / "server.pem").read_bytes())


def names(folder):
    found = certificate(folder).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return {str(name.value) for name in found.value}


async def get(url, ca):
    trust = ssl.create_default_context(cafile=ca)
    async with httpx.AsyncClient(verify=trust) as client:
        return (await client.get(url)).text


async def get_strictly(url, ca):
    """As Python 3.13 does by itself."""
    trust = ssl.create_default_context(cafile=ca)
    trust.verify_flags |= ssl.VERIFY_X509_STRICT
    async with httpx.AsyncClient(verify=trust) as client:
        return (await client.get(url)).text


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_client_that_trusts_the_ca_is_served_by_each_name(tmp_path, name):
    tls = LocalTls(tmp_path, "127.0.0.1", now=lambda: datetime.now(UTC))

    async with AsgiServer(PlainTextResponse("served"), tls=tls.context) as server:
        url = server.url
        text = await get_strictly(url.replace("127.0.0.1", name), tls.ca)

    assert text == "served"
    assert url.startswith("https://127.0.0.1:")


def test_keys_are_their_owners_alone(tmp_path):
    folder = tmp_path / "state" / "tls"

    local(folder)

    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes == {"ca.pem": 0o644, "ca-key.pem": 0o600, "server.pem": 0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_second_start_keeps_everything(tmp_path):
    local(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}

    local(tmp_path, now=Hours(NOW + timedelta(days=366)))

    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_another_host_gets_another_certificate_of_the_same_ca(tmp_path):
    local(tmp_path)
    ca = (tmp_path / "ca.pem").read_bytes()

    local(tmp_path, host="entra.contoso.test")

    assert names(tmp_path) == {"localhost", "127.0.0.1", "::1", "entra.contoso.test"}
    assert (tmp_path / "ca.pem").read_bytes() == ca


def test_server_at_every_address_is_called_by_the_machines_name(tmp_path):
    local(tmp_path, host="0.0.0.0")  # noqa: S104 - not listened at

    assert socket.gethostname().lower() in names(tmp_path)


def test_certificate_near_its_end_is_renewed_when_starting(tmp_path):
    local(tmp_path)
    before = certificate(tmp_path)

    local(tmp_path, now=Hours(NOW + timedelta(days=368)))

    assert certificate(tmp_path).not_valid_after_utc > before.not_valid_after_utc


async def test_certificate_near_its_end_is_renewed_while_serving(tmp_path):
    clock = Hours(datetime.now(UTC) - timedelta(days=380))
    tls = local(tmp_path, now=clock)
    before = certificate(tmp_path)
    clock.at = datetime.now(UTC)

    async with AsgiServer(PlainTextResponse("served"), tls=tls.context) as server:
        text = await get(server.url, tls.ca)

    assert text == "served"
    assert certificate(tmp_path).not_valid_after_utc > before.not_valid_after_utc


async def test_server_that_can_not_renew_goes_on_with_what_it_has(tmp_path, caplog):
    clock = Hours(datetime.now(UTC) - timedelta(days=380))
    tls = local(tmp_path, now=clock)
    clock.at = datetime.now(UTC)
    (tmp_path / "ca-key.pem").write_text("ruined")

    async with AsgiServer(PlainTextResponse("served"), tls=tls.context) as server:
        text = await get(server.url, tls.ca)

    assert text == "served"
    assert "was not renewed" in caplog.text


def test_lost_ca_certificate_is_made_again_from_its_key(tmp_path):
    local(tmp_path)
    key = (tmp_path / "ca-key.pem").read_bytes()
    server = (tmp_path / "server.pem").read_bytes()
    (tmp_path / "ca.pem").unlink()

    local(tmp_path)

    assert (tmp_path / "ca-key.pem").read_bytes() == key
    assert (tmp_path / "server.pem").read_bytes() == server


@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\ncut off"])
def test_ruined_server_certificate_is_made_anew(tmp_path, content):
    local(tmp_path)
    (tmp_path / "server.pem").write_bytes(content)

    local(tmp_path)

    assert names(tmp_path) >= {"localhost"}


def test_ruined_ca_key_is_told_with_its_remedy(tmp_path):
    local(tmp_path)
    (tmp_path / "ca-key.pem").write_text("ruined")

    with pytest.raises(StateError, match=r"ca-key\.pem: is no private key; bring it back"):
        local(tmp_path)


def test_ca_that_came_to_its_end_is_told_with_its_remedy(tmp_path):
    local(tmp_path)

    with pytest.raises(StateError, match="come to its end; remove"):
        local(tmp_path, now=Hours(NOW + timedelta(days=4000)))


def test_several_that_start_at_once_share_one_ca(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: local(tmp_path).ca.read_bytes(), range(16)))

    assert len(set(found)) == 1
    assert not list(tmp_path.glob(".*"))


def test_folder_that_can_not_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(StateError, match="file/tls: can't be used"):
        local(tmp_path / "file" / "tls")


async def test_certificate_that_somebody_else_issued_is_shown(certificates):
    tls = given_tls(certificates.certificate, certificates.key)

    async with AsgiServer(PlainTextResponse("served"), tls=tls) as server:
        text = await get(server.url, certificates.ca)

    assert text == "served"


def test_certificate_without_its_key_is_told(certificates):
    with pytest.raises(ConfigurationError, match=r"tls_certificate .*no certificate with its key"):
        given_tls(certificates.certificate, None)
