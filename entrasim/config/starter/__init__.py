"""The starter: a commented configuration and the people of Contoso."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from entrasim.errors import ConfigurationError

_FILES = ("entrasim.toml", "tenants/contoso/tenant.yaml")


def write_starter(folder: Path) -> list[Path]:
    """Write the starter below `folder/config`; nothing that is there is overwritten.

    Raises:
        ConfigurationError: a file is there already, or can't be written.
    """
    paths = [folder / "config" / name for name in _FILES]
    there = [path for path in paths if path.exists()]
    if there:
        raise ConfigurationError(
            *(f"{path}: is there already; nothing was written" for path in there)
        )
    for name, path in zip(_FILES, paths, strict=True):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files(__name__).joinpath(name).read_bytes())
        except OSError as error:
            raise ConfigurationError(f"{path}: can't be written: {error.strerror}") from None
    return paths
