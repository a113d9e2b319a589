"""The built-in synchronization schemas, and those of a user's own."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import msgspec

from entrasim.config.schema_json import LoadedSchema, read_schema
from entrasim.errors import ConfigurationError

BUILT_IN = ("engagedly", "scim")


def load_schema(reference: str, folder: Path) -> LoadedSchema:
    """Load a schema by its built-in name, or from a file relative to a folder.

    Raises:
        ConfigurationError: there is no such file, or it holds no usable schema.
    """
    if reference in BUILT_IN:
        text = files(__name__).joinpath(f"{reference}.json").read_bytes()
        return _read(text, f"schema {reference}")
    path = folder / reference
    try:
        return _read(path.read_bytes(), str(path))
    except OSError as error:
        known = ", ".join(BUILT_IN)
        raise ConfigurationError(
            f"{path}: {error.strerror}; name a synchronizationSchema file, or one of {known}"
        ) from None


def _read(text: bytes, origin: str) -> LoadedSchema:
    try:
        document = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise ConfigurationError(f"{origin}: no JSON: {error}") from None
    return read_schema(document, origin=origin)
