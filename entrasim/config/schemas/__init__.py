"""The built-in synchronization schemas, and those of a user's own."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
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
    origin, text = schema_text(reference, folder)
    return read_schema(document_of(text, origin), origin=origin)


def schema_text(reference: str, folder: Path) -> tuple[str, bytes]:
    """What a schema is called in messages, and its text.

    Raises:
        ConfigurationError: there is no such file.
    """
    if reference in BUILT_IN:
        text = files(__name__).joinpath(f"{reference}.json").read_bytes()
        return f"schema {reference}", text
    path = folder / reference
    try:
        return str(path), path.read_bytes()
    except OSError as error:
        known = ", ".join(BUILT_IN)
        raise ConfigurationError(
            f"{path}: {error.strerror}; name a synchronizationSchema file, or one of {known}"
        ) from None


def document_of(text: bytes, origin: str) -> object:
    """The JSON value of a text.

    Raises:
        ConfigurationError: it is none.
    """
    if text.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise ConfigurationError(f"{origin}: no UTF-8, but UTF-16; save it as UTF-8")
    try:
        return msgspec.json.decode(text.removeprefix(BOM_UTF8))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{origin}: no JSON: {error}") from None
    except RecursionError:
        raise ConfigurationError(f"{origin}: no schema: it is nested too deeply") from None
