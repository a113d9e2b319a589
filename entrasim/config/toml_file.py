"""Read a file of TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from entrasim.errors import ConfigurationError


def read_toml(path: Path, *, if_missing: str) -> dict[str, Any]:
    """The tables of a file; `if_missing` says what to do if there is none.

    Raises:
        ConfigurationError: it is missing, can't be read, or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: there is no such file; {if_missing}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: broken TOML: {error}") from None
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "it is no TOML in UTF-8"
        raise ConfigurationError(f"{path}: can't be read: {reason}") from None


def close_to(word: str, known: Iterable[str]) -> str:
    """A hint at the nearest of the words that are known, to end a message with."""
    close = get_close_matches(word, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""
