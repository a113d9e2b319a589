"""entrasim in its own process, as seen from outside: given orders, killed, started again."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

CODE = Path(__file__).parents[2]
"""Where the packages are that the worker runs."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the job stands after an order.

    Attributes:
        cycle: the id of the latest cycle that ended, and how it did.
        due_at: when the next cycle is due; None while the job is paused.
        escrows: how many objects wait for another try, the first one at `escrow_due_at`.
        open: how many creates nobody knows the answer of.
    """

    cycle: str | None
    state: str | None
    error: str | None
    staged: int
    due_at: datetime | None
    escrows: int
    escrow_due_at: datetime | None
    quarantine: str | None
    open: int

    @property
    def at_rest(self) -> bool:
        """Whether the latest cycle left nothing to be done."""
        return self.state == "Succeeded" and not (self.escrows or self.open or self.quarantine)


NOT_YET = Standing(None, None, None, 0, None, 0, None, None, 0)
"""How a job stands that nobody has heard of."""


class Engine:
    """The worker's process, and the next one, which waits to take over.

    Attributes:
        kills: how many processes were killed in the middle of an order.
    """

    def __init__(self, configuration: Path, environ: Mapping[str, str], code: Path = CODE) -> None:
        self.kills = 0
        self._configuration, self._environ = configuration, {**os.environ, **environ}
        self._code = code
        self._working: Process | None = None
        self._waiting: Process | None = None

    async def order(self, do: str, at: datetime, scopes: str = "") -> Standing | None:
        """Have something done at a moment; None if the process was killed over it.

        Raises:
            RuntimeError: it ended by itself.
        """
        process = self._working = self._working or await self._next()
        line = json.dumps({"do": do, "at": at.isoformat(), "scopes": scopes})
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a worker without pipes")
        process.stdin.write(f"{line}\n".encode())
        answer = await process.stdout.readline()
        if answer:
            return _standing(json.loads(answer))
        self._working = None
        if await process.wait() != -signal.SIGKILL:
            log = self._configuration.with_suffix(".err").read_text(encoding="utf-8")
            raise RuntimeError(f"the worker ended by itself:\n{log[-3000:]}")
        self.kills += 1
        return None

    async def make_ready(self) -> None:
        """Have another process ready to take over."""
        self._waiting = self._waiting or await self._start()

    def kill(self) -> None:
        """Kill the process that works, as the machine's owner would: -9."""
        if self._working is not None and self._working.returncode is None:
            self._working.send_signal(signal.SIGKILL)

    async def close(self) -> None:
        """End both processes."""
        for process in (self._working, self._waiting):
            if process is not None and process.stdin is not None:
                process.stdin.close()
                await process.wait()

    async def _next(self) -> Process:
        process, self._waiting = self._waiting or await self._start(), None
        return process

    async def _start(self) -> Process:
        command = ("-m", "benchmarks.soak.worker", str(self._configuration))
        with self._configuration.with_suffix(".err").open("ab") as errors:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                *command,
                stdin=PIPE,
                stdout=PIPE,
                stderr=errors,
                env=self._environ,
                cwd=self._code,
            )


def _standing(answer: dict[str, object]) -> Standing:
    def moment(name: str) -> datetime | None:
        text = answer.pop(name)
        return datetime.fromisoformat(str(text)) if text else None

    due_at, escrow_due_at = moment("dueAt"), moment("escrowDueAt")
    return Standing(due_at=due_at, escrow_due_at=escrow_due_at, **answer)  # type: ignore[arg-type]
