"""Spell a .NET regular expression for the library `regex`, or refuse it.

Refused is what .NET doesn't know, and would be read as something else here; and of .NET what
the library lacks: balancing groups, groups named by numbers, subtraction in character classes,
and the options n and x.

Source: learn.microsoft.com/dotnet/standard/base-types/regular-expression-language-quick-reference
"""

from __future__ import annotations

import re

MAX_SIZE = 5_000  # characters, repetitions written out; more would take memory by the gigabyte


class PatternError(ValueError):
    """The text is no regular expression: correct it, or make it smaller."""


_TOKEN = re.compile(
    r"""
    (?P<comment>\(\?\#[^)]*\)?)
  | (?P<open>\((?:\?(?:[:>=!]|<[=!]|\((?=\w)))?(?![?*]))
  | \(\?(?:<(?P<name>[^\W\d]\w*)>|'(?P<quoted>[^\W\d]\w*)')
  | (?P<options>\(\?[ims]*(?:-[ims]+)?[:)])
  | (?P<foreign>\([?*].{0,3})
  | (?P<close>\))
  | \\k(?:<(?P<back>\w+)>|'(?P<quoted_back>\w+)')
  | (?P<escape>\\c[A-Za-z]|\\[pP]\{\w[\w-]*\}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\.|\\\Z)
  | (?P<set>\[\^?\]?(?:\\.|[^\]\\])*+\]?)
  | (?:[*+?]|\{(?P<least>[0-9]{1,9})(?:,(?P<most>[0-9]{0,9}))?\})\??(?P<again>[*+?{])?
  | (?P<letter>.)
    """,
    re.DOTALL | re.VERBOSE,
)
_ESCAPES = frozenset("AbBdDsSwWGntrfvaZz0123456789") | {"c", "e", "p", "P", "u", "x"}
_SPELLED = {r"\z": r"\Z", r"\Z": r"(?=\n?\Z)", r"\e": r"\x1b"}


def translated(text: str) -> str:
    """The pattern as the library spells it.

    Raises:
        PatternError: it is too long, or means something else to the library.
    """
    if len(text) > MAX_SIZE:
        raise _too_long()
    spelled, sizes, last = list[str](), [0], 0
    for token in _TOKEN.finditer(text):
        spelled.append(_spelled(token))
        opens = token["open"] or token["name"] or token["quoted"]
        if opens or (token["options"] or "").endswith(":"):
            sizes.append(0)
            last = 0
        elif token["close"] and len(sizes) > 1:
            last = sizes.pop()
            sizes[-1] += last
        elif token["least"]:
            more = last * (max(int(token["least"]), int(token["most"] or 0)) - 1)
            last, sizes[-1] = last + more, sizes[-1] + more
        elif not token["comment"]:
            last = 1
            sizes[-1] += 1
        if sum(sizes) > MAX_SIZE:
            raise _too_long()
    return "".join(spelled)


def _spelled(token: re.Match[str]) -> str:
    """One token as the library spells it."""
    if token["foreign"]:
        raise PatternError(f"{token['foreign']} is not known")
    if token["again"]:
        raise PatternError(f"a repetition of a repetition, {token[0]}, is not known")
    if token["comment"]:
        return ""
    if name := token["name"] or token["quoted"]:
        return f"(?<{name}>"
    if back := token["back"] or token["quoted_back"]:
        return f"(?P={back})"
    if token["set"]:
        return _set(token["set"])
    if token["escape"]:
        return _escaped(token["escape"])
    return f"\\{token[0]}" if token["letter"] in {"{", "}"} else token[0]


def _set(text: str) -> str:
    """A character class; a bracket in it is one, and no class of its own."""
    if "-[" in text:
        raise PatternError("subtraction in a character class is not known")
    inside = re.sub(r"\\c[A-Za-z]|\\e", lambda found: _escaped(found[0]), text[1:])
    return "[" + re.sub(r"(\\.)|\[", lambda found: found[1] or r"\[", inside, flags=re.DOTALL)


def _escaped(text: str) -> str:
    letter = text[1:2]
    if letter.isalnum() and letter not in _ESCAPES:
        raise PatternError(f"{text} is not known")
    if letter == "c" and len(text) > len("\\c"):
        return f"\\x{ord(text[2].upper()) - 64:02x}"
    return _SPELLED.get(text, text)


def _too_long() -> PatternError:
    return PatternError(f"longer than {MAX_SIZE:,} characters, repetitions written out")
