"""The command line: verbs of Graph's, one file per group of commands."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and end the process with its exit code."""
    from entrasim.cli.app import run  # noqa: PLC0415 - `import entrasim.cli` stays light

    sys.exit(run(sys.argv[1:]))
