"""Files for nobody else's eyes: whole or not there at all, whenever a process is killed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from tempfile import mkstemp

from entrasim.errors import StateError


@contextmanager
def private_folder(folder: Path) -> Iterator[None]:
    """Hold a folder that only its owner looks into; it is made where there is none.

    Of several processes one has it at a time; the operating system frees it when that dies.

    Raises:
        StateError: it can't be made or used.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise StateError(f"{folder}: can't be used: {error.strerror}") from None
    try:
        flock(handle, LOCK_EX)
        yield
    finally:
        os.close(handle)


def read_if_there(path: Path) -> bytes | None:
    """What a file holds; None where there is none.

    Raises:
        StateError: it can't be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StateError(f"{path}: can't be read: {error.strerror}") from None


def write_whole(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace a file, on the disk before this returns; a crash leaves the old one or the new.

    Raises:
        StateError: it can't be written; the old file stays.
    """
    try:
        handle, fresh = mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                os.fchmod(handle, mode)
                file.write(content)
                file.flush()
                os.fsync(handle)
            Path(fresh).replace(path)
        except BaseException:
            Path(fresh).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StateError(f"{path}: can't be written: {error.strerror}") from None
