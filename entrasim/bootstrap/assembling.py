"""Puts a job and its world together, from settings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING
from uuid import NAMESPACE_DNS, uuid5

from msgspec import structs

from entrasim.bootstrap.sources import directory_of, tenant_id
from entrasim.config import Configuration, JobSettings
from entrasim.config.schema_json import examine_schema
from entrasim.engine import checking
from entrasim.errors import ConfigurationError
from entrasim.model.dialect import COMPLIANT, ENTRA, Dialect
from entrasim.model.job import Fidelity, Job, Safety, Scope
from entrasim.model.schema import Schema
from entrasim.ports import Clock, Discretion, Notifier, Observer, Ports, Silence, Store
from entrasim.scim import ScimTarget, TenantUrl
from entrasim.scim.checking import unwritable
from entrasim.transport import HttpClient, Patience, verifying

if TYPE_CHECKING:
    from entrasim.config import MailSettings, WebhookSettings
    from entrasim.notify import Channel, Mail, Webhook
    from entrasim.state import SqlStore


@dataclass(frozen=True, slots=True)
class Assembled:
    """A job and the world it works in."""

    job: Job
    ports: Ports
    store: Store


def open_store(configuration: Configuration, clock: Clock) -> SqlStore:
    """Open the state database that a configuration names."""
    from entrasim.state import SqlStore  # noqa: PLC0415 - slow to import, and not always needed

    return SqlStore.open(configuration.service.state, clock=clock)


@dataclass(frozen=True, slots=True)
class Examined:
    """What is wrong with a schema, and what is unwise."""

    mistakes: tuple[str, ...]
    warnings: tuple[str, ...]


def examined(document: object, *, origin: str) -> Examined:
    """Everything there is to say of a synchronizationSchema, at once, each with its place."""
    loaded, reader = examine_schema(document, origin=origin)
    found = (f"{origin}: {mistake}" for mistake in _all_mistakes(loaded.schema))
    unwise = (f"{origin}: {warning}" for warning in checking.warnings(loaded.schema))
    return Examined((*reader.problems, *found), (*reader.warnings, *unwise))


def job_of(settings: JobSettings) -> Job:
    """The job that settings describe; one that can't run has no target.

    Raises:
        ConfigurationError: its schema can't be used, as a whole or with its scope, or its URL.
    """
    table, schema = settings.table, settings.schema.schema
    if not settings.obstacle and (found := _mistakes(settings)):
        raise ConfigurationError(*found)
    practical = table.fidelity is Fidelity.PRACTICAL
    tenant = tenant_id(settings).replace("-", "")
    derived = uuid5(NAMESPACE_DNS, f"{table.id}.job.entrasim")
    return Job(
        id=table.id,
        graph_id=settings.graph_id or f"scim.{tenant}.{derived}",
        schema=schema,
        target_url="" if settings.obstacle else TenantUrl.parse(table.target.base_url).base,
        scope=table.scope,
        fidelity=table.fidelity,
        heal_references=practical if table.heal_references is None else table.heal_references,
        skip_out_of_scope_deletions=table.skip_out_of_scope_deletions,
        delete_groups=table.delete_groups,
        default_domain=table.directory.default_domain,
        interval=table.interval,
        starts_active=table.start == "active",
        concurrency=table.target.concurrency,
        safety=Safety(deletion_threshold=table.deletion_threshold, **table.safety.model_dump()),
    )


def _all_mistakes(schema: Schema) -> list[str]:
    """What the engine can't use of a schema, and what can't be written in SCIM."""
    return [*checking.mistakes(schema), *unwritable(schema)]


def _mistakes(settings: JobSettings) -> list[str]:
    """Everything in a job's schema that it can't run with."""
    table, schema = settings.table, settings.schema.schema
    origin = f"schema {table.schema_}" + f" with jobs.{table.id}.filters" * bool(table.filters)
    found = [f"{origin}: {mistake}" for mistake in _all_mistakes(schema)]
    if table.scope is Scope.ALL:
        # learn.microsoft.com/entra/identity/app-provisioning/customize-application-attributes:
        # functions of app roles go with "Sync only assigned users and groups".
        found += (
            f"{origin}: {place} gives the roles of assignments, and jobs.{table.id}.scope = "
            '"all" asks for none; set scope = "assigned", or remove the mapping'
            for place in checking.mappings_of_roles(schema)
        )
    return found


def state_folder(configuration: Configuration) -> Path:
    """Where a run leaves what isn't in the database: beside a SQLite file, else `state`."""
    from entrasim.state import address  # noqa: PLC0415 - likewise

    url = address.parse(configuration.service.state)
    beside = Path(url.database or "").parent if url.drivername == "sqlite" else Path("state")
    return beside.absolute()


def target_of(
    settings: JobSettings,
    *,
    stopping: Callable[[], bool] = lambda: False,
    on_demand: bool = False,
    client: type[HttpClient] = HttpClient,
) -> ScimTarget:
    """The target that settings describe; nothing is sent yet.

    A request that waits before it is sent again ends when `stopping` says so.

    The compliant dialect does not apply to provision on demand
    (learn.microsoft.com/entra/identity/app-provisioning/
    application-provisioning-config-problem-scim-compatibility).
    """
    target = settings.table.target
    url = TenantUrl.parse(target.base_url)
    dialect = _dialect(settings, compliant=url.compliant and not on_demand)
    return ScimTarget(
        tenant_url=url,
        token=settings.token.reveal(),
        schema=settings.schema.schema,
        dialect=dialect,
        client=client.connect(
            timeout=target.timeout,
            concurrency=target.concurrency,
            requests_per_second=target.requests_per_second,
            ca_file=settings.ca_file,
        ),
        patience=Patience(
            retries=retries_of(settings),
            honour_retry_after=dialect.honour_retry_after,
            stopping=stopping,
        ),
    )


def notifier_of(settings: JobSettings, clock: Clock) -> Notifier:
    """Whoever tells people about a job; nobody, if its settings name nobody."""
    channels: list[Channel] = []
    if (webhook := settings.notify.webhook) is not None:
        channels.append(_webhook(webhook))
    if (mail := settings.notify.mail) is not None:
        channels.append(_mail(mail, clock))
    if not channels:
        return Discretion()
    from entrasim.notify import Channels  # noqa: PLC0415 - likewise

    return Channels(channels)


def _webhook(settings: WebhookSettings) -> Webhook:
    from entrasim.notify import Webhook  # noqa: PLC0415 - likewise

    return Webhook(
        url=settings.url.reveal(),
        token=settings.token.reveal() if settings.token else None,
        client=HttpClient.connect(
            timeout=settings.timeout, concurrency=1, ca_file=settings.ca_file
        ),
    )


def _mail(settings: MailSettings, clock: Clock) -> Mail:
    from entrasim.notify import Mail, MailServer  # noqa: PLC0415 - likewise

    table = settings.table
    server = MailServer(
        host=table.host,
        port=table.transport_port,
        security=table.transport,
        tls=verifying(settings.ca_file),
        timeout=table.timeout,
        username=table.username,
        password=settings.password.reveal() if settings.password else None,
    )
    return Mail(server, sender=table.from_, recipients=table.to, clock=clock)


@asynccontextmanager
async def assembled(  # noqa: PLR0913 - what a caller may choose of the world
    settings: JobSettings,
    store: Store,
    clock: Clock,
    *,
    observer: Observer | None = None,
    stopping: Callable[[], bool] = lambda: False,
    on_demand: bool = False,
    client: type[HttpClient] = HttpClient,
) -> AsyncIterator[Assembled]:
    """A job with everything it needs; what was opened for it is closed at the end.

    Raises:
        ConfigurationError: something stands in the way of its cycles.
    """
    if settings.obstacle:
        raise ConfigurationError(f"job {settings.id}: {settings.obstacle}")
    job = job_of(settings)
    target = target_of(settings, stopping=stopping, on_demand=on_demand, client=client)
    ports = Ports(
        directory=directory_of(settings, stopping=stopping),
        target=target,
        store=store,
        clock=clock,
        chance=SystemRandom(),
        observer=observer or Silence(),
        notifier=notifier_of(settings, clock),
        stopping=stopping,
    )
    try:
        yield Assembled(job, ports, store)
    finally:
        await ports.directory.close()
        await target.close()
        await ports.notifier.close()


def retries_of(settings: JobSettings) -> int:
    """How often a request is sent again: Entra repeats none, an operator wants some."""
    if settings.table.target.retries is not None:
        return settings.table.target.retries
    return 3 if settings.table.fidelity is Fidelity.PRACTICAL else 0


def _dialect(settings: JobSettings, *, compliant: bool) -> Dialect:
    practical = settings.table.fidelity is Fidelity.PRACTICAL
    dialect = structs.replace(COMPLIANT if compliant else ENTRA, honour_retry_after=practical)
    return structs.replace(dialect, **settings.table.target.quirks)
