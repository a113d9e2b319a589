"""Load entrasim.toml: read, overlay, check, and tell every mistake at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from entrasim.config.directory import DirectorySettings, FixtureSettings, directory_settings
from entrasim.config.directory_table import TABLES
from entrasim.config.environment import overlay
from entrasim.config.filters import narrowed
from entrasim.config.notify import NotifySettings, notify_settings
from entrasim.config.references import References
from entrasim.config.schema_json import LoadedSchema
from entrasim.config.schemas import load_schema
from entrasim.config.secret import Secret
from entrasim.config.settings import FileSettings, JobTable, ServiceTable
from entrasim.config.toml_file import close_to, read_toml
from entrasim.errors import ConfigurationError
from entrasim.protection.admission import LOOPBACK

DEFAULT = Path("config/entrasim.toml")

_IF_MISSING = "make one by `entrasim init`, or name it by --config"


@dataclass(frozen=True, slots=True)
class JobSettings:
    """A job as configured, with everything it points to.

    Attributes:
        graph_id: its id in Graph's form, if it doesn't follow from the short one.
        obstacle: why no cycle can run; empty if nothing stands in the way.
    """

    table: JobTable
    schema: LoadedSchema
    directory: DirectorySettings
    token: Secret
    ca_file: Path | None
    notify: NotifySettings
    graph_id: str | None = None
    obstacle: str = ""

    @property
    def id(self) -> str:
        """The job's short name."""
        return self.table.id

    @property
    def tenant(self) -> Path | None:
        """The folder of the tenant, if its files are the directory."""
        return self.directory.folder if isinstance(self.directory, FixtureSettings) else None


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """The certificate that the daemon shows, with its chain; its key may stand beside it."""

    certificate: Path
    key: Path | None


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration without mistakes.

    Attributes:
        warnings: what is allowed, but unwise.
        api_token: what the daemon's callers must bear, if it is set.
        certificate: what the daemon proves itself by, if somebody issued it a certificate.
    """

    path: Path
    service: ServiceTable
    jobs: tuple[JobSettings, ...]
    warnings: tuple[str, ...]
    api_token: Secret | None
    certificate: ServerCertificate | None = None

    def job(self, known: str | None) -> JobSettings:
        """The job of that id; the only one, if none is named.

        Raises:
            ConfigurationError: there is no such job, or it takes a name to choose.
        """
        ids = [job.id for job in self.jobs]
        if known is None and len(ids) == 1:
            return self.jobs[0]
        if known is None:
            raise ConfigurationError(
                f"{self.path} has several jobs; choose by --job: {', '.join(ids)}"
            )
        for job in self.jobs:
            if job.id == known:
                return job
        raise ConfigurationError(f'{self.path} has no job "{known}"; known: {", ".join(ids)}')


def load(path: Path | None, environ: Mapping[str, str]) -> Configuration:
    """Load a configuration: this file, else $ENTRASIM_CONFIG, else config/entrasim.toml.

    Raises:
        ConfigurationError: every mistake, each with file, key and what was expected.
    """
    found = path or Path(environ.get("ENTRASIM_CONFIG") or DEFAULT)
    document, problems = overlay(read_toml(found, if_missing=_IF_MISSING), environ)
    try:
        settings = FileSettings(**document)
    except ValidationError as error:
        problems += (f"{found}: {line}" for line in _explained(error, document))
        raise ConfigurationError(*problems) from None
    loader = _Loader(found, environ, problems)
    return loader.configuration(settings)


class _Loader:
    """Follows what the settings point to: secrets, schemas, files."""

    def __init__(self, path: Path, environ: Mapping[str, str], problems: list[str]) -> None:
        self._path, self._references = path, References(path, environ, problems)

    def configuration(self, settings: FileSettings) -> Configuration:
        found = self._references
        ids = [job.id for job in settings.jobs]
        if not ids:
            found.problem("jobs", "there is none; add a [[jobs]] table")
        for known in {known for known in ids if ids.count(known) > 1}:
            found.problem("jobs", f'the id "{known}" is given to {ids.count(known)} jobs')
        service = settings.service
        api_token = found.secret("service.api_token", service.api_token)
        if service.api_token is None and service.host not in LOOPBACK:
            found.problem("service.api_token", f"is obligatory when host is {service.host}")
        certificate = self._certificate(service)
        jobs = [self._job(job) for job in settings.jobs]
        if found.problems:
            raise ConfigurationError(*found.problems)
        complete = tuple(job for job in jobs if job is not None)
        warnings = tuple(found.warnings)
        return Configuration(self._path, service, complete, warnings, api_token, certificate)

    def _certificate(self, service: ServiceTable) -> ServerCertificate | None:
        found = self._references
        certificate = found.file("service.tls_certificate", service.tls_certificate)
        key = found.file("service.tls_key", service.tls_key)
        if service.tls_key is not None and service.tls_certificate is None:
            found.problem("service.tls_key", "belongs to a tls_certificate, and there is none")
        return None if certificate is None else ServerCertificate(certificate, key)

    def _job(self, table: JobTable) -> JobSettings | None:
        place, folder, found = f"jobs.{table.id}", self._path.parent, self._references
        token = found.secret(f"{place}.target.token", table.target.token)
        schema = self._schema(table, place, folder)
        ca_file = found.file(f"{place}.target.ca_file", table.target.ca_file)
        directory = directory_settings(table.directory, f"{place}.directory", found)
        notify = notify_settings(table.notify, f"{place}.notify", found)
        if token is None or schema is None or directory is None:
            return None
        return JobSettings(table, schema, directory, token, ca_file, notify)

    def _schema(self, table: JobTable, place: str, folder: Path) -> LoadedSchema | None:
        key = "schema"
        try:
            schema = load_schema(table.schema_, folder)
            key = "filters"
            return narrowed(schema, table.filters, table.readings)
        except ConfigurationError as error:
            problems = (f"{self._path}: {place}.{key}: {p}" for p in error.problems)
            self._references.problems.extend(problems)
            return None


def _explained(error: ValidationError, document: Mapping[str, Any]) -> Iterator[str]:
    """Each mistake with its key, jobs by their id, and for an unknown key what is close."""
    for detail in error.errors(include_url=False, include_input=False):
        place = list(detail["loc"])
        key = _key(place, document)
        match detail["type"]:
            case "extra_forbidden":
                hint = close_to(str(place[-1]), _known_keys(place[:-1]))
                yield f"{key}: there is no such key{hint}"
            case "missing":
                yield f"{key}: is missing"
            case "union_tag_invalid":
                yield f"{key}.kind: expected 'fixture' or 'graph'"
            case "union_tag_not_found":
                yield f"{key}.kind: is missing: 'fixture' or 'graph'"
            case _:
                yield f"{key}: {detail['msg'].removeprefix('Value error, ')}"


def _key(place: list[Any], document: Mapping[str, Any]) -> str:
    parts: list[str] = []
    for index, part in enumerate(place):
        if index > 0 and place[index - 1] == "directory" and part in TABLES:
            continue  # which of its two shapes was tried
        if isinstance(part, int):
            jobs = document.get("jobs")
            job = jobs[part] if index == 1 and isinstance(jobs, list) else None
            known = job.get("id") if isinstance(job, dict) else None
            parts.append(str(known) if known else str(part))
        else:
            parts.append(str(part))
    return ".".join(parts)


def _known_keys(place: list[Any]) -> list[str]:
    """The keys of the table at a place."""
    model: type[BaseModel] = FileSettings
    for part in place:
        if part == "jobs":
            model = JobTable
        elif part in TABLES:
            model = TABLES[part]
        elif isinstance(part, str) and part in model.model_fields:
            table = model.model_fields[part].annotation
            inner = next(iter(get_args(table)), table)  # of a list of tables, one of them
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                model = inner
    return [field.alias or name for name, field in model.model_fields.items()]
