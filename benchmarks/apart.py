"""A benchmark's target in a process of its own, so that its work isn't counted as ours."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp


@contextlib.contextmanager
def running(module: str, *arguments: str) -> Iterator[str]:
    """Run a module that serves its application; gives its address."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        port = process.stdout.readline().strip() if process.stdout else ""
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def serve(app: ASGIApp) -> None:
    """Serve until terminated; the port is the first line of output."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(app, access_log=False, log_level="error", lifespan="off")
    uvicorn.Server(config).run([listening])
