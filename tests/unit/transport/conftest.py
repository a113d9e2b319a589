"""Servers that answer by the book, or break it."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from entrasim.transport import HttpClient

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@dataclass(frozen=True)
class Certificates:
    """A CA of one's own, and what it vouches for."""

    ca: Path
    certificate: Path
    key: Path


@pytest.fixture
async def serve():
    """Starts a server whose behaviour is a coroutine; gives its port."""
    servers = []

    async def start(behaviour, tls=None):
        async def take(reader, writer):
            try:
                await behaviour(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(take, "127.0.0.1", 0, ssl=tls)
        servers.append(server)
        return server.sockets[0].getsockname()[1]

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()


@pytest.fixture
async def client_of():
    clients = []

    def make(seconds=10.0, **options):
        options = {"concurrency": 4, **options}
        client = HttpClient.connect(timeout=timedelta(seconds=seconds), **options)
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.close()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """A CA, and a certificate of it for 127.0.0.1."""
    folder = tmp_path_factory.mktemp("tls")

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *new_key, "-subj", "/CN=Own CA", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", *new_key, "-subj", "/CN=target", "-keyout", "key.pem", "-out", "request.pem")
    signed_by = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names")
    openssl("x509", "-req", "-in", "request.pem", *signed_by, "-out", "certificate.pem")
    return Certificates(folder / "ca.pem", folder / "certificate.pem", folder / "key.pem")


@pytest.fixture
def server_tls(certificates):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.certificate, certificates.key)
    return context
