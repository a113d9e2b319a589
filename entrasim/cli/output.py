"""What people and machines read: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import os
import sys
from functools import cache

from rich.console import Console
from rich.text import Text

from entrasim.errors import ConfigurationError, EntrasimError

_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)), "\N{REPLACEMENT CHARACTER}")
del _CONTROLS[ord("\n")], _CONTROLS[ord("\t")]
_WIDE_ENOUGH = 120  # what is piped is meant for nobody's window


@cache
def results() -> Console:
    """Where results go; plain when it is no terminal."""
    console = Console(highlight=False, soft_wrap=True, emoji=False)
    if not console.is_terminal:
        console.width = _WIDE_ENOUGH
    return console


@cache
def messages() -> Console:
    """Where messages and progress go."""
    return Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)


def line(*parts: str | tuple[str, str]) -> None:
    """Print a line of results; parts are texts, or (text, style)."""
    show(Text.assemble(*parts))


def show(text: Text) -> None:
    """Print a text among the results."""
    results().print(harmless(text))


def note(text: str) -> None:
    """Print a message to people."""
    style = "yellow" if text.startswith("Warning") else ""
    messages().print(harmless(Text(text, style=style)))


def as_json(value: object) -> None:
    """Print JSON, one value a line; JSON is UTF-8, so that another encoding gets escapes."""
    ascii_only = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    sys.stdout.write(json.dumps(value, ensure_ascii=ascii_only) + "\n")
    sys.stdout.flush()


def failure(error: EntrasimError, *, for_machines: bool) -> None:
    """Tell people what went wrong, each problem a line; and machines, if they asked."""
    problems = error.problems if isinstance(error, ConfigurationError) else (str(error),)
    for problem in problems:
        messages().print(harmless(Text.assemble(("Error: ", "bold red"), problem)))
    if for_machines:
        as_json({"error": {"code": error.code, "message": str(error)}})


def harmless(text: str | Text) -> Text:
    """The text without what would steer a terminal, since names come from outside."""
    whole = text if isinstance(text, Text) else Text(text)
    return Text(whole.plain.translate(_CONTROLS), style=whole.style, spans=whole.spans)


def tolerate_narrow_encodings() -> None:
    """Print a question mark for what a terminal's encoding lacks, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")


def discard() -> None:
    """Send what is left of stdout nowhere, since nobody reads it any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
