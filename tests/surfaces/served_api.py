"""The daemon's API over a tenant's folder, on a real socket, in a thread of its own."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime
from threading import Thread

import httpx

from entrasim import bootstrap
from entrasim.api.access import guarded
from entrasim.api.application import daemon_app
from entrasim.api.surroundings import Surroundings
from entrasim.api.token.issuer import TokenIssuer
from entrasim.config import load, write_starter
from entrasim.protection.local_tls import LocalTls
from entrasim.scheduler.clocks import VirtualClock
from entrasim.scheduler.daemon import Daemon
from entrasim.serving import AsgiServer
from entrasim.testing.memory_store import MemoryStore

EIGHT = datetime(2026, 1, 5, 8, tzinfo=UTC)


class NoMadeJobs(MemoryStore):
    """A memory in which no job was ever made through the API."""

    async def definitions(self):
        return ()

    async def sweep(self):
        pass


def trusting(ca):
    """What a client verifies servers by: one CA alone."""
    return ssl.create_default_context(cafile=ca)


class ServedApi:
    """Serves while its context lasts.

    Attributes:
        tenant: the folder of the starter's tenant, Contoso.
        tls: given by `by_tls`; its CA is what clients trust.
    """

    def __init__(self, folder, *, key=None, by_tls=False):
        write_starter(folder)
        secret = {} if key is None else {"ENTRASIM_SERVICE__API_TOKEN": "env:KEY", "KEY": key}
        state = f"sqlite:///{folder}/state/entrasim.db"
        environ = {"ENGAGEDLY_TOKEN": "t0ken", "ENTRASIM_SERVICE__STATE": state, **secret}
        self.configuration = load(folder / "config" / "entrasim.toml", environ)
        self.tenant = self.configuration.jobs[0].tenant
        self.clock, store = VirtualClock(EIGHT), NoMadeJobs()
        daemon = Daemon([], store, self.clock, None)
        found = bootstrap.tenant_of(self.configuration, self.clock)
        self.tokens = TokenIssuer(folder / "state" / "tokens" / "key.pem")
        self.around = Surroundings(
            daemon, self.configuration, store, self.clock, found, self.tokens
        )
        here = folder / "state" / "tls"
        self.tls = LocalTls(here, "127.0.0.1", now=lambda: datetime.now(UTC)) if by_tls else None
        self._key = key
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever)

    @property
    def tenant_id(self):
        return self.around.tenant.id

    @property
    def url(self):
        return self._server.url

    def objects(self):
        """The tenant as it is now."""
        return self._run(self.around.tenant.objects())

    def client(self, **headers):
        """A client below /v1.0; relative paths have no slash at the beginning."""
        verify = trusting(self.tls.ca) if self.tls else True
        return httpx.Client(base_url=f"{self.url}/v1.0", headers=headers, verify=verify)

    def __enter__(self):
        self._thread.start()
        app = guarded(daemon_app(self.around), self._key, self.tokens)
        self._server = AsgiServer(app, tls=self.tls and self.tls.context)
        self._run(self._server.start())
        return self

    def __exit__(self, *_):
        self._run(self._server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()
