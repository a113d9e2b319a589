"""The daemon and the stand-in as a stranger starts them: processes, found by what they print."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path


class Living:
    """A folder with the starter's configuration, and the processes that serve it.

    Attributes:
        url: the daemon's address.
        engagedly: the stand-in's.
    """

    def __init__(self, folder: Path, *, secret: str | None = None) -> None:
        self.folder = folder
        self._stack = ExitStack()
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = {**kept, "PYTHONUNBUFFERED": "1"}
        if secret is not None:
            told = {"ENTRASIM_SERVICE__API_TOKEN": "env:ENTRASIM_API_TOKEN"}
            self.environment |= {**told, "ENTRASIM_API_TOKEN": secret}

    def __enter__(self):
        with self._stack:
            self._tell("init")
            connection = self._tell("engagedly", "connection", "add", "entra", "--json")
            self.engagedly = self._started("engagedly", "serve", "--port", "0")["url"]
            self.environment |= {
                "ENGAGEDLY_TOKEN": json.loads(connection)["token"],
                "ENGAGEDLY_URL": self.engagedly,
                "ENTRASIM_SERVICE__PORT": "0",
                "ENTRASIM_JOBS__ENGAGEDLY__TARGET__BASE_URL": f"{self.engagedly}/scim/v2",
                "ENTRASIM_JOBS__ENGAGEDLY__START": "paused",
            }
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def serve(self, *options: str) -> str:
        """Start the daemon on a virtual clock; programs find it by ENTRASIM_URL."""
        self.url = self._started("serve", "--virtual-clock", "2026-01-05T08:00:00Z", *options)[
            "url"
        ]
        self.environment["ENTRASIM_URL"] = self.url
        return self.url

    @property
    def ca(self) -> Path:
        """What clients trust a daemon by that was started with --tls."""
        return self.folder / "state" / "tls" / "ca.pem"

    def lines_of(self, *command: str, **environment: str) -> list[str]:
        """Run a program to its good end; what it printed."""
        told = {**self.environment, **environment}
        done = subprocess.run(
            command, cwd=self.folder, env=told, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    def _tell(self, *arguments: str) -> str:
        return "\n".join(self.lines_of(sys.executable, "-m", "entrasim", *arguments))

    def _started(self, *arguments: str) -> dict:
        """Start a server, until the context ends; what it prints of itself."""
        log = self._stack.enter_context((self.folder / f"{arguments[0]}.log").open("w"))
        process = subprocess.Popen(
            [sys.executable, "-m", "entrasim", *arguments, "--json"],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        self._stack.callback(process.wait)
        self._stack.callback(process.stdout.close)
        self._stack.callback(process.terminate)
        line = process.stdout.readline()
        assert line, Path(log.name).read_text()
        return json.loads(line)
