"""The program, warm: a process that has imported it once and forks for each command.

A command is a process of its own, with its folder, environment and output, as it would be; it
only doesn't spend its first second on imports.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock


class WarmProgram:
    """Runs commands; ends with its context."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            number = theirs.fileno()
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(number)], pass_fds=[number], stdin=subprocess.DEVNULL
            )
        self._lock = Lock()

    def run(
        self, arguments: Sequence[str], folder: Path, environment: dict[str, str]
    ) -> tuple[int, str, str]:
        """Run a command to its end: exit code, stdout, stderr."""
        request = json.dumps([arguments, str(folder), environment]).encode()
        with TemporaryFile() as out, TemporaryFile() as err:
            mine, theirs = socket.socketpair()
            with mine:
                with theirs, self._lock:
                    files = [out.fileno(), err.fileno(), theirs.fileno()]
                    socket.send_fds(self._control, [request], files)
                    self._control.recv(1)
                code = mine.recv(16)
            texts = [file.seek(0) or file.read().decode() for file in (out, err)]
        assert code, f"ended without a code: {arguments}; {texts}"
        return int(code), *texts

    def close(self) -> None:
        """End the process; commands under way go on."""
        self._control.close()
        self._process.wait()


def wait_for_commands(control: socket.socket) -> None:
    """Fork for each command that comes; returns when none can come any more."""
    for heavy in ("bootstrap", "cli.app", "cli.story", "cli.watching", "engine.cycle", "state"):
        __import__(f"entrasim.{heavy}")
    __import__("entrasim.transport.aiohttp_transport")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        request, files, *_ = socket.recv_fds(control, 1 << 20, 3)
        if not request:
            return
        if os.fork() == 0:
            control.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            become(*json.loads(request), *files)
        for file in files:
            os.close(file)
        control.send(b".")


def become(  # noqa: PLR0913, PLR0917 - all that makes a process
    arguments: list[str], folder: str, environment: dict[str, str], out: int, err: int, answer: int
) -> None:
    """Be the command, and end with it."""
    from entrasim.cli.app import run  # noqa: PLC0415 - imported by now

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(out, 1)
    os.dup2(err, 2)
    code = 1
    try:
        code = run(arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:  # noqa: BLE001 - as the interpreter would
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(answer, str(code).encode())
    os._exit(code)


if __name__ == "__main__":
    wait_for_commands(socket.socket(fileno=int(sys.argv[1])))
