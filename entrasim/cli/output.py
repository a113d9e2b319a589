"""What people and machines read: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import os
import sys
from functools import cache

from rich.console import Console
from rich.text import Text

from entrasim.errors import ConfigurationError, EntrasimError

_CONTROLS = (*range(32), *range(127, 160))  # ECMA-48: they steer a terminal
_SEPARATORS = (0x2028, 0x2029)
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))  # they turn what stands beside
_SHOWN_AS = dict.fromkeys((*_CONTROLS, *_SEPARATORS, *_DIRECTIONS), "\N{REPLACEMENT CHARACTER}") | {
    ord("\n"): "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}",
    ord("\t"): "\t",
}
_IN_JSON = {code: f"\\u{code:04x}" for code in (*range(127, 160), *_SEPARATORS, *_DIRECTIONS)}
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
    """Print a text among the results; it stays one line, whatever names are in it."""
    results().print(harmless(text))


def note(text: str) -> None:
    """Print a message to people."""
    _tell(Text(text, style="yellow" if text.startswith("Warning") else ""))


def as_json(value: object, *, indent: int | None = None) -> None:
    """Print JSON, one value a line; JSON is UTF-8, so that another encoding gets escapes."""
    ascii_only = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    sys.stdout.write(text.translate(_IN_JSON) + "\n")
    sys.stdout.flush()


def failure(error: EntrasimError, *, for_machines: bool) -> None:
    """Tell people what went wrong, each problem a line; and machines, if they asked."""
    problems = error.problems if isinstance(error, ConfigurationError) else (str(error),)
    for problem in problems:
        _tell(Text.assemble(("Error: ", "bold red"), problem))
    if for_machines:
        as_json({"error": {"code": error.code, "message": str(error)}})


def harmless(text: str | Text) -> Text:
    """The text without what would steer a terminal, since names come from outside."""
    whole = text if isinstance(text, Text) else Text(text)
    return Text(whole.plain.translate(_SHOWN_AS), style=whole.style, spans=whole.spans)


def _tell(text: Text) -> None:
    """Print a message; further lines are indented, so that no name can pass for a message."""
    first, *others = text.split("\n", allow_blank=True)
    messages().print(harmless(first))
    for other in others:
        indent = "" if other.plain.startswith(" ") else "  "
        messages().print(harmless(Text.assemble(indent, other)))


def tolerate_narrow_encodings() -> None:
    """Print a question mark for what a terminal's encoding lacks, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")


def discard() -> None:
    """Send what is left of stdout nowhere, since nobody reads it any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
