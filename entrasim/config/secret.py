"""Secrets: given by reference, revealed to the one who needs them, shown to nobody."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


class Secret:
    """A secret that can be passed around without being shown by accident."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__


def resolve(reference: str, folder: Path, environ: Mapping[str, str]) -> Secret:
    """Follow a reference, `env:NAME` or `file:PATH`; any other text is the secret itself.

    Raises:
        ValueError: the reference leads nowhere, or to something that is no token.
    """
    kind, _, where = reference.partition(":")
    match kind:
        case "env":
            if where not in environ:
                raise ValueError(f"the environment variable {where} is not set")
            value = environ[where]
        case "file":
            value = _read(folder / where)
        case _:
            value = reference
    value = value.strip("\r\n")
    if not value:
        raise ValueError("the secret is empty")
    if not value.isascii() or not value.isprintable():
        raise ValueError("the secret holds characters that no token has")
    return Secret(value)


def is_reference(text: str) -> bool:
    """Whether a text says where the secret is, instead of being it."""
    return text.startswith(("env:", "file:"))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise ValueError(f"the file {path} can't be read: {reason}") from None
