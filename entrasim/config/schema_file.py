"""Put a schema of the operator's own in the place of a job's."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile

import tomlkit
from tomlkit.exceptions import TOMLKitError

from entrasim.config.configuration import JobSettings
from entrasim.config.environment import variable_of
from entrasim.config.schemas import BUILT_IN
from entrasim.errors import ConfigurationError


def install_schema(
    configuration: Path, job: JobSettings, text: bytes, environ: Mapping[str, str]
) -> tuple[Path, ...]:
    """Make a text the schema of a job; gives the files that were written.

    The file that the job's `schema` names is replaced. In the place of a built-in schema comes
    a new file beside the configuration, and its name into the configuration. Each file is
    replaced as a whole.

    Raises:
        ConfigurationError: a file can't be written, or the environment says which built-in
            schema it is; nothing was changed.
    """
    folder, reference = configuration.parent, job.table.schema_
    if reference not in BUILT_IN:
        return (_replace(folder / reference, text),)
    variable = variable_of(job.id, "schema")
    if variable in environ:
        raise ConfigurationError(
            f"{variable}={reference} names a built-in schema, which can't be replaced; "
            "unset it, or give it the path of the file"
        )
    name = next(n for n in _names(job.id) if not (folder / n).exists())
    written = _with_schema(configuration, job.id, name)
    schema = _replace(folder / name, text)
    try:
        return schema, _replace(configuration, written)
    except ConfigurationError:
        schema.unlink()
        raise


def _names(job_id: str) -> Iterator[str]:
    yield f"schemas/{job_id}.json"
    yield from (f"schemas/{job_id}-{number}.json" for number in count(2))


def _with_schema(configuration: Path, job_id: str, name: str) -> bytes:
    """The configuration with another schema for a job; comments and order stay."""
    try:
        document = tomlkit.parse(configuration.read_bytes().decode())
    except (OSError, ValueError, TOMLKitError) as error:
        raise ConfigurationError(f"{configuration}: can't be edited: {error}") from None
    for table in document.get("jobs", ()):
        if table.get("id") == job_id:
            table["schema"] = name
            return tomlkit.dumps(document).encode()
    raise ConfigurationError(f'{configuration}: has no [[jobs]] table with id = "{job_id}"')


def _replace(path: Path, text: bytes) -> Path:
    """Replace a file as a whole; a link stays a link, and a file keeps its permissions."""
    target, fresh = path.resolve(), None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as file:
            fresh = Path(file.name)
            fresh.chmod(target.stat().st_mode if target.exists() else 0o644)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except OSError as error:
        with suppress(OSError):
            if fresh is not None:
                fresh.unlink()
        raise ConfigurationError(f"{path}: can't be written: {error.strerror}") from None
    return path
