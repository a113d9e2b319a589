"""An Entra for one test: hire, move, unassign and dismiss people, turn the clock, assert."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from entrasim import bootstrap
from entrasim.config import JobSettings, load
from entrasim.directory.fixture import TenantEditor
from entrasim.engagedly import Engagedly, EngagedlyServer
from entrasim.engine.cycle import run_cycle
from entrasim.model.cycle import CycleRequest, TaskExecution
from entrasim.model.log import LogQuery, ProvisioningRecord
from entrasim.scheduler.clocks import VirtualClock
from entrasim.state import SqlStore
from entrasim.testing.faults import Faults, Rule
from entrasim.transport import Answer, HttpClient

T = TypeVar("T")

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

_CONFIGURATION = """
[service]
state = "sqlite:///{folder}/entrasim.db"
[[jobs]]
id = "entra"
[jobs.directory]
kind = "fixture"
path = "tenant"
[jobs.target]
base_url = "{base_url}"
token = "env:TOKEN"
"""


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as it went out to the target, and the status of its answer; None: none came.

    `path` is what follows the tenant URL, as on the wire; `body` is decoded JSON.
    """

    method: str
    path: str
    body: Any
    status: int | None


class Entra:
    """A tenant, its provisioning job, and the target it provisions.

    Attributes:
        requests: what the latest cycle sent, the probe included.
        target: the stand-in for Engagedly: `employees()`, `groups()`, `resources()`.
        clock: stands still until it is advanced.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="entra", daemon=True)
        self._stack = AsyncExitStack()
        self._settings: JobSettings | None = None
        self._faults = Faults(())
        self._own: tuple[str, str] = ("", "")
        self._store: SqlStore | None = None
        self.clock = VirtualClock(START)
        self.requests: list[SentRequest] = []
        (folder / "tenant").mkdir()
        self._tenant = TenantEditor(folder / "tenant", application="Engagedly", clock=self.clock)
        self.target = Engagedly(folder / "engagedly.db", now=self.clock.now)

    def __enter__(self) -> Self:
        """Start the stand-in."""
        self._thread.start()
        self._wait(self._start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything."""
        self._wait(self._stack.aclose())
        self.target.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def connect(self, base_url: str, token: str, **settings: object) -> None:
        """Provision to an endpoint of your own instead of the stand-in.

        `settings` are keys of a job in entrasim.toml, such as `schema="scim"`,
        `scope="all"` or `target={"active_as": "boolean"}`.
        """
        text = _CONFIGURATION.format(folder=self._folder, base_url=base_url)
        path = self._folder / "entrasim.toml"
        path.write_text(text, encoding="utf-8")
        self._settings = load(path, {"TOKEN": token, **_as_environment(settings)}).job(None)

    def configure(self, **settings: object) -> None:
        """Provision to the stand-in by other settings of the job, such as `schema="scim"`."""
        base_url, token = self._own
        self.connect(base_url, token, **settings)

    def inject(self, *rules: Rule, seed: int = 0) -> Faults:
        """Let the stand-in fail from now on, by these rules instead of those before.

        `entra.inject(LostAnswer(methods=("POST",), times=1))`, with the rules of
        `entrasim.testing.faults`; `entra.inject()` ends all faults. An endpoint of your own
        takes them as `AsgiServer(Faults(rules).around(app))`.

        Returns:
            the faults, whose `counts` say what happened, and which `active = False` silences.
        """
        self._faults = Faults(rules, seed=seed)
        return self._faults

    def add_user(self, upn: str, **properties: object) -> str:
        """Hire somebody; gives their id. Names and mail follow from the UPN, if not given."""
        return self._tenant.add_user(upn, properties)

    def set_user(self, who: str, **properties: object) -> None:
        """Change somebody; None clears a property, `manager` takes a name."""
        self._tenant.set_user(who, properties)

    def disable(self, who: str) -> None:
        """Block somebody's account."""
        self._tenant.disable_user(who)

    def enable(self, who: str) -> None:
        """Unblock somebody's account."""
        self._tenant.enable_user(who)

    def delete(self, who: str) -> None:
        """Put somebody into the recycle bin."""
        self._tenant.delete_user(who)

    def restore(self, who: str) -> None:
        """Take somebody out of the recycle bin."""
        self._tenant.restore_user(who)

    def purge(self, who: str) -> None:
        """Delete somebody for good."""
        self._tenant.purge_user(who)

    def add_group(self, name: str, *members: str) -> str:
        """Make a group; gives its id."""
        known = self._tenant.add_group(name)
        for member in members:
            self._tenant.add_member(known, member)
        return known

    def delete_group(self, group: str) -> None:
        """Delete a group, and the assignments it had."""
        self._tenant.delete_group(group)

    def add_member(self, group: str, who: str) -> None:
        """Put somebody into a group."""
        self._tenant.add_member(group, who)

    def remove_member(self, group: str, who: str) -> None:
        """Take somebody out of a group."""
        self._tenant.remove_member(group, who)

    def assign(self, principal: str, *, role: str | None = None) -> None:
        """Assign a user or group to the application; an app role that isn't given is default."""
        self._tenant.assign(principal, role)

    def unassign(self, principal: str) -> None:
        """Take an assignment back."""
        self._tenant.unassign(principal)

    def advance(self, **span: float) -> None:
        """Turn the clock forward by `days`, `hours` and `minutes`; 40 minutes if none is given."""
        self.clock.advance(timedelta(**span or {"minutes": 40}))

    def cycle(
        self, *, full: bool = False, accept_shrunk_source: bool = False
    ) -> Awaitable[TaskExecution]:
        """Run one cycle now: `await entra.cycle()`, or `entra.run_cycle()` without a loop.

        Raises:
            SourceError, CycleError: as the cycle does.
        """
        request = CycleRequest(full=full, accept_shrunk_source=accept_shrunk_source)
        running = asyncio.run_coroutine_threadsafe(self._cycle(request), self._loop)
        return asyncio.wrap_future(running)

    def run_cycle(self, *, full: bool = False) -> TaskExecution:
        """The same for a synchronous test."""
        return self._wait(self._cycle(CycleRequest(full=full)))

    def log(self, subject: str | None = None) -> tuple[ProvisioningRecord, ...]:
        """The provisioning log, of everybody or of one."""
        return self._wait(self._opened_store().records(LogQuery(subject=subject)))

    async def _start(self) -> None:
        server = await self._stack.enter_async_context(
            EngagedlyServer(self.target, wrap=self._failing)
        )
        connection = self.target.add_connection("entra", base_url=server.base_url)
        self._store = SqlStore.open(f"sqlite:///{self._folder}/entrasim.db", clock=self.clock)
        self._stack.push_async_callback(self._store.close)
        self._own = connection.base_url, connection.token
        self.configure()

    def _failing(self, app: ASGIApp) -> ASGIApp:
        """The application behind whatever faults there are when a request comes."""

        async def failing(scope: Scope, receive: Receive, send: Send) -> None:
            await self._faults.around(app)(scope, receive, send)

        return failing

    async def _cycle(self, request: CycleRequest) -> TaskExecution:
        if self._settings is None:
            raise RuntimeError("the harness has not been started")
        self.requests = []
        store, sent = self._opened_store(), self.requests
        base = self._settings.table.target.base_url.partition("?")[0]

        class Recording(HttpClient):
            """Writes down what goes out."""

            async def send(
                self,
                method: str,
                url: str,
                headers: Mapping[str, str],
                content: bytes | None = None,
            ) -> Answer:
                body = None if content is None else msgspec.json.decode(content)
                status: int | None = None
                try:
                    answer = await super().send(method, url, headers, content)
                    status = answer.status
                finally:
                    sent.append(SentRequest(method, url.removeprefix(base), body, status))
                return answer

        world = bootstrap.assembled(self._settings, store, self.clock, client=Recording)
        async with world as found:
            return await run_cycle(found.job, found.ports, request)

    def _opened_store(self) -> SqlStore:
        if self._store is None:
            raise RuntimeError("the harness has not been started")
        return self._store

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def _as_environment(settings: Mapping[str, object]) -> dict[str, str]:
    """Settings as the environment would give them."""
    found: dict[str, str] = {}
    for name, value in settings.items():
        inner = value if isinstance(value, Mapping) else {"": value}
        for part, text in inner.items():
            path = "__".join(filter(None, ("JOBS", "ENTRA", name.upper(), str(part).upper())))
            found[f"ENTRASIM_{path}"] = str(text)
    return found
