"""Follow what settings point to: secrets and files, each mistake told with its key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from entrasim.config.secret import Secret, is_reference, resolve


class References:
    """What the settings of one file point to; what leads nowhere is noted as a problem.

    Attributes:
        problems: every mistake found, with file, key and what was expected.
        warnings: what is allowed, but unwise.
    """

    def __init__(self, path: Path, environ: Mapping[str, str], problems: list[str]) -> None:
        self._path, self._environ = path, environ
        self.problems, self.warnings = problems, list[str]()

    @property
    def folder(self) -> Path:
        """Where relative paths begin."""
        return self._path.parent

    def secret(self, key: str, reference: str | None) -> Secret | None:
        """The secret that is referred to, if one is; one in plain text is warned of."""
        if reference is None:
            return None
        if not is_reference(reference):
            self.warning(key, "is given in plain text; use env: or file:")
        return self.text(key, reference)

    def text(self, key: str, reference: str) -> Secret | None:
        """What may be given by reference, and just as well in plain text."""
        try:
            return resolve(reference, self.folder, self._environ)
        except ValueError as error:
            self.problem(key, str(error))
            return None

    def file(self, key: str, path: Path | None) -> Path | None:
        """The file of that path, if one is given."""
        if path is None:
            return None
        found = self.folder / path
        if not found.is_file():
            self.problem(key, f"{found} is no file")
        return found

    def problem(self, key: str, message: str) -> None:
        """Note a mistake down."""
        self.problems.append(f"{self._path}: {key}: {message}")

    def warning(self, key: str, message: str) -> None:
        """Note down what is unwise."""
        self.warnings.append(f"{self._path}: {key} {message}")
