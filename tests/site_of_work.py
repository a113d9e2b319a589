"""Where a person would work: a folder, the real program, and a target on a real socket."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from warm_program import WarmProgram

from entrasim.engagedly import Engagedly, EngagedlyServer


@dataclass
class Exchange:
    """A request that reached the target, and how it was answered."""

    method: str
    path: str
    query: str
    status: int = 0
    body: bytes = b""


@dataclass
class Site:
    """Where a person would work: a folder with config/ and state/, and a target."""

    folder: Path
    engagedly: Engagedly
    server: EngagedlyServer = None
    token: str = ""
    warm: WarmProgram | None = None  # runs commands without the wait for imports
    exchanges: list[Exchange] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)  # no request passes while it's shut

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {
            **kept,
            "ENGAGEDLY_TOKEN": self.token,
            "ENTRASIM_JOBS__ENGAGEDLY__TARGET__BASE_URL": self.server.base_url,
            "PYTHONUNBUFFERED": "1",
        }

    async def start(self, *arguments: str, **environment: str):
        """Start the program; its output is piped."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "entrasim",
            *arguments,
            cwd=self.folder,
            env={**self.environment, **environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def run(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        """Run the program to its end: exit code, stdout, stderr."""
        if self.warm is not None:
            told = {**self.environment, **environment}
            return await asyncio.to_thread(self.warm.run, arguments, self.folder, told)
        process = await self.start(*arguments, **environment)
        out, err = await process.communicate()
        return process.returncode, out.decode(), err.decode()

    async def sync(self, *arguments: str) -> dict:
        """Run one cycle that succeeds."""
        code, out, err = await self.run("sync", "--json", *arguments)
        assert code == 0, err
        return json.loads(out)

    def recorded(self, app):
        """The application, with every exchange written down."""

        async def recording(scope, receive, send):
            query = scope["query_string"].decode()
            exchange = Exchange(scope["method"], scope["raw_path"].decode(), query)
            self.exchanges.append(exchange)

            async def hear():
                message = await receive()
                exchange.body += message.get("body", b"")
                return message

            async def answer(message):
                if message["type"] == "http.response.start":
                    exchange.status = message["status"]
                await send(message)
                if message["type"] == "http.response.body":
                    self.answered(exchange)

            self.arrived(exchange)
            await self.gate.wait()
            await app(scope, hear, answer)

        return recording

    def arrived(self, exchange: Exchange) -> None:
        """A request arrived; a story may do something now."""

    def answered(self, exchange: Exchange) -> None:
        """An answer went out; likewise."""

    def write_users(self, users: list[dict]) -> None:
        """Replace the starter's tenant by users who are all assigned by one group."""
        tenant = self.folder / "config" / "tenants" / "contoso"
        (tenant / "tenant.yaml").unlink(missing_ok=True)
        (tenant / "users.json").write_text(json.dumps(users))
        members = [{"id": user["id"]} for user in users]
        groups = [{"id": "everybody", "displayName": "Everybody", "members": members}]
        (tenant / "groups.json").write_text(json.dumps(groups))
        assignments = [{"principalId": "everybody"}]
        (tenant / "appRoleAssignments.json").write_text(json.dumps(assignments))
