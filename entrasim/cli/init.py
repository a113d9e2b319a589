"""init: a starter to begin with."""

from __future__ import annotations

from pathlib import Path

from entrasim.cli import output
from entrasim.cli.options import STANDALONE, Standalone

_NEXT_STEPS = (
    ("entrasim engagedly serve &", "the stand-in target"),
    ("entrasim engagedly connection add entra", "shows the token, once"),
    ("export ENGAGEDLY_TOKEN=…", "where the configuration looks for it"),
    ("entrasim plan", "what would happen, and why"),
    ("entrasim sync", "the first cycle"),
)


def init(folder: Path = Path(), /, *, options: Standalone = STANDALONE) -> int:
    """Write a commented configuration and a fixture tenant.

    Args:
        folder: Where `config/` is made; the current folder without it.
        options: Options of every command.
    """
    from entrasim.config import write_starter  # noqa: PLC0415 - slow to import, not for --help

    written = [str(path) for path in write_starter(folder)]
    if options.json:
        output.as_json({"written": written})
        return 0
    for path in written:
        output.line(("+ ", "green"), path)
    output.line("")
    output.line("Next, ", ("in that folder" if folder != Path() else "here"), ":")
    for command, what in _NEXT_STEPS:
        output.line(f"  {command:<42}", (what, "dim"))
    return 0
