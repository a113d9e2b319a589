"""The secrets of service principals: a file each, for the eyes of its owner alone."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import quote, urlsplit

import msgspec

from entrasim.config.secret import Secret
from entrasim.errors import StateError

MASK = "*"
"""What is shown of a secret; handed in, it stands for the value that is kept already."""

_FRESH = ".new"


class MaskedSecretError(ValueError):
    """Whoever may not see a secret would learn it: give it anew, unmasked."""


class SecretFiles:
    """Keeps secrets in a folder that nobody else may enter.

    A file is replaced as a whole, once it is on the disk, so that whoever is killed leaves
    the old secrets or the new ones.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, owner: str) -> dict[str, Secret]:
        """The secrets of a service principal by their keys, in the order they were given.

        Raises:
            StateError: they can't be read.
        """
        path = self._path(owner)
        try:
            kept = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StateError(f"{path} can't be read: {error.strerror}") from None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            # What was raised may quote a secret.
            raise StateError(f"{path} is damaged; remove it, and PUT the secrets again") from None
        return {key: Secret(value) for key, value in kept.items()}

    def replace(self, owner: str, given: Mapping[str, str]) -> None:
        """Keep these in the place of all that were kept.

        A mask keeps the value of before; an empty value takes it away.

        Raises:
            MaskedSecretError: as of `unmasked`; what was kept is as it was.
            StateError: they can't be written; what was kept is as it was.
        """
        try:
            with self._alone():
                found = unmasked(given, self.read(owner))
                self._write(owner, {key: value for key, value in found.items() if value})
        except OSError as error:
            raise StateError(f"{self._folder} can't be written: {error.strerror}") from None

    def remove(self, owner: str) -> None:
        """Keep nothing of a service principal any more; nothing kept is no error.

        Raises:
            StateError: they can't be removed.
        """
        if not self._folder.is_dir():
            return
        try:
            with self._alone():
                self._path(owner).unlink(missing_ok=True)
        except OSError as error:
            raise StateError(f"{self._folder} can't be written: {error.strerror}") from None

    def _path(self, owner: str) -> Path:
        return self._folder / f"{quote(owner, safe='')}.json"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other writers out, and clear away what a killed one left."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        handle = os.open(self._folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            flock(handle, LOCK_EX)
            for left in self._folder.glob(f".*{_FRESH}"):
                left.unlink()
            yield
        finally:
            os.close(handle)

    def _write(self, owner: str, secrets: Mapping[str, str]) -> None:
        path = self._path(owner)
        # A temporary file is made with the mode 0600.
        with NamedTemporaryFile(dir=self._folder, prefix=".", suffix=_FRESH, delete=False) as file:
            file.write(msgspec.json.encode(secrets))
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
        handle = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def unmasked(given: Mapping[str, str], kept: Mapping[str, Secret]) -> dict[str, str]:
    """What was given, with the kept values in the places of masks; empty where none is kept.

    Raises:
        MaskedSecretError: a kept secret would go to another server than it was given for.
    """
    masked = {key for key, value in given.items() if value == MASK and key in kept}
    found = {key: "" if value == MASK else value for key, value in given.items()}
    found |= {key: kept[key].reveal() for key in masked}
    before = kept["BaseAddress"].reveal() if "BaseAddress" in kept else ""
    if masked - {"BaseAddress"} and _server(found.get("BaseAddress", "")) != _server(before):
        names = ", ".join(sorted(masked - {"BaseAddress"}))
        raise MaskedSecretError(f"With another BaseAddress, {names} must be given anew, unmasked.")
    return found


def _server(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", address
    return parts.scheme, parts.netloc.casefold()
