"""Put together where a job's people come from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from entrasim.config import Configuration, FixtureSettings, GraphSettings, JobSettings
from entrasim.directory.fixture import FixtureDirectory, TenantEditor
from entrasim.directory.fixture.graph_tenant import GraphTenant
from entrasim.directory.fixture.graph_tenant import tenant_id as fixture_tenant_id
from entrasim.engine.needs import attributes_read
from entrasim.errors import ConfigurationError
from entrasim.ports import Clock, Directory

if TYPE_CHECKING:
    from entrasim.directory.graph import GraphSource


def tenant_id(settings: JobSettings) -> str:
    """The id of the tenant that a job reads."""
    if isinstance(settings.directory, GraphSettings):
        return settings.directory.table.tenant_id
    return fixture_tenant_id(settings.directory.folder)


def tenant_of(configuration: Configuration, clock: Clock) -> GraphTenant | None:
    """The fixture tenant that the daemon serves: that of the first job which reads one."""
    directories = [settings.directory for settings in configuration.jobs]
    fixtures = [found for found in directories if isinstance(found, FixtureSettings)]
    if not fixtures:
        return None
    folder = fixtures[0].folder
    applications = [found.application for found in fixtures if found.folder == folder]
    return GraphTenant(folder, applications, clock=clock)


def application_of(settings: JobSettings) -> str:
    """What a job's application is called, by name or else by the id of its service principal."""
    if isinstance(settings.directory, FixtureSettings):
        return settings.directory.application
    table = settings.directory.table
    return table.application or table.service_principal_id or settings.id


def directory_of(
    settings: JobSettings, *, stopping: Callable[[], bool] = lambda: False
) -> Directory:
    """The directory that settings describe; nothing is read yet.

    A request to Graph that waits before it is sent again ends when `stopping` says so.
    """
    if isinstance(settings.directory, FixtureSettings):
        found = settings.directory
        return FixtureDirectory(found.folder, application=found.application)
    from entrasim.directory.graph import GraphDirectory  # noqa: PLC0415 - not for fixtures

    return GraphDirectory(
        _graph_source(settings.directory, f"jobs.{settings.id}.directory"),
        attributes_read(settings.schema.schema),
        stopping=stopping,
    )


def _graph_source(settings: GraphSettings, place: str) -> GraphSource:
    from entrasim.directory.graph import GraphSource  # noqa: PLC0415 - likewise

    table = settings.table
    secrets = {
        name: found.reveal() if (found := getattr(settings, name)) is not None else None
        for name in ("client_secret", "certificate_password", "token")
    }
    return GraphSource(
        place=place,
        base_url=settings.base_url,
        scope=f"https://{urlsplit(settings.base_url).hostname}/.default",
        tenant_id=table.tenant_id,
        credential=settings.credential,
        authority=settings.authority,
        authority_is_own=table.authority is not None,
        client_id=table.client_id,
        certificate=settings.certificate,
        ca_file=settings.ca_file,
        service_principal_id=table.service_principal_id,
        application=table.application,
        managers=table.managers,
        **secrets,
    )


def editor_of(settings: JobSettings, clock: Clock) -> TenantEditor:
    """Edits the tenant that a job reads.

    Raises:
        ConfigurationError: it is no fixture, but a real one.
    """
    found = settings.directory
    if not isinstance(found, FixtureSettings):
        raise ConfigurationError(
            f"jobs.{settings.id}.directory is Microsoft Graph, which entrasim only reads; edit "
            "that tenant in the Entra admin center, or choose a job on a fixture by --job"
        )
    return TenantEditor(found.folder, application=found.application, clock=clock)
