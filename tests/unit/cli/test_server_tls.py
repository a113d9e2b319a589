"""By what the daemon proves who it is."""

from __future__ import annotations

import pytest

from entrasim.cli.server_tls import server_tls
from entrasim.config import load, write_starter


@pytest.fixture
def configured(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_starter(tmp_path)

    def configure(**environ):
        return load(None, {"ENGAGEDLY_TOKEN": "t0ken", **environ})

    return configure


def test_without_being_asked_the_daemon_speaks_plain_http(configured, tmp_path):
    found = server_tls(configured(), by_local_ca=False)

    assert (found.context, found.ca) == (None, None)
    assert not (tmp_path / "state").exists()


def test_local_ca_lives_beside_the_database(configured, tmp_path):
    elsewhere = configured(ENTRASIM_SERVICE__STATE="sqlite:///kept/here.db")

    found = server_tls(elsewhere, by_local_ca=True)

    assert found.ca == tmp_path / "kept" / "tls" / "ca.pem"
    assert found.ca.exists()


@pytest.mark.parametrize("by_local_ca", [True, False])
def test_certificate_of_the_configuration_comes_first(
    configured, certificates, tmp_path, by_local_ca
):
    certificate = {
        "ENTRASIM_SERVICE__TLS_CERTIFICATE": str(certificates.certificate),
        "ENTRASIM_SERVICE__TLS_KEY": str(certificates.key),
    }

    found = server_tls(configured(**certificate), by_local_ca=by_local_ca)

    assert found.context is not None
    assert found.ca is None
    assert not (tmp_path / "state").exists()
