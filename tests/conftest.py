"""A real Engagedly on a real socket, a tenant in a folder, and the real program."""

from __future__ import annotations

import asyncio
import os
import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from site_of_work import Site
from warm_program import WarmProgram

from entrasim.config import write_starter
from entrasim.engagedly import Engagedly, EngagedlyServer
from entrasim.scheduler.clocks import SystemClock
from entrasim.state import SqlStore

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")  # what lands doesn't hang on luck; people's runs go on searching


@dataclass(frozen=True)
class Certificates:
    """A CA of one's own, and what it vouches for."""

    ca: Path
    certificate: Path
    key: Path


@pytest.fixture(scope="session")
def empty_state(tmp_path_factory) -> Path:
    """A state database as the first command makes it; to make it anew for each test takes long."""
    path = tmp_path_factory.mktemp("state") / "entrasim.db"
    asyncio.run(SqlStore.open(f"sqlite:///{path}", clock=SystemClock()).close())
    return path


@pytest.fixture(scope="session")
def warm():
    program = WarmProgram()
    yield program
    program.close()


@pytest.fixture
async def site(tmp_path, empty_state, warm):
    write_starter(tmp_path)
    (tmp_path / "state").mkdir()
    shutil.copy(empty_state, tmp_path / "state")
    engagedly = Engagedly(tmp_path / "engagedly.db")
    found = Site(tmp_path, engagedly, warm=warm)
    found.gate.set()
    async with EngagedlyServer(engagedly, wrap=found.recorded) as server:
        found.server = server
        found.token = engagedly.add_connection("test", base_url=server.base_url).token
        yield found
    engagedly.close()


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
