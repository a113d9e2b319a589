"""All jobs there are: those of the configuration file, and those made through the API."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from entrasim.bootstrap.assembling import job_of, state_folder
from entrasim.bootstrap.sources import application_of, tenant_of
from entrasim.config import (
    Configuration,
    JobSettings,
    Secret,
    SecretFiles,
    in_graph_words,
    made_settings,
)
from entrasim.directory.fixture.graph_objects import service_principal_id
from entrasim.errors import ConfigurationError, StateError
from entrasim.model.definition import JobDefinition
from entrasim.model.job import Job
from entrasim.ports import Clock

if TYPE_CHECKING:
    from entrasim.state import SqlStore

_SECRETS = "secrets"


@dataclass(frozen=True, slots=True)
class Enlisted:
    """A job, however it came to be.

    Attributes:
        definition: there, if it was made through the API.
    """

    job: Job
    settings: JobSettings
    definition: JobDefinition | None = None

    @property
    def application(self) -> str:
        """What its application is called."""
        if self.definition is not None:
            return self.definition.application
        return application_of(self.settings)


_Known = tuple[tuple[JobDefinition, dict[str, str], str], Enlisted]
"""What a made job was told when it was last looked at, and the job that this makes."""


class Roster:
    """Knows every job by its short id, and by its id in Graph's form.

    Those made through the API provision the fixture tenant that the configuration serves;
    they come and go, so they are read anew each time.

    Attributes:
        secrets: what the service principals of made jobs are trusted with.
        tenant: the folder that made jobs read; None if there is none.
    """

    def __init__(self, configuration: Configuration, store: SqlStore, tenant: Path | None) -> None:
        self._configuration, self._store, self.tenant = configuration, store, tenant
        self.secrets = SecretFiles(state_folder(configuration) / _SECRETS)
        self._known: dict[str, _Known] = {}

    @classmethod
    def of(cls, configuration: Configuration, store: SqlStore, clock: Clock) -> Roster:
        """The roster of a configuration and its state."""
        tenant = tenant_of(configuration, clock)
        return cls(configuration, store, tenant.folder if tenant else None)

    @cached_property
    def configured(self) -> tuple[Enlisted, ...]:
        """The jobs of the configuration file.

        Raises:
            ConfigurationError: one of them can't be used.
        """
        return tuple(Enlisted(job_of(s), s) for s in self._configuration.jobs)

    async def made(self) -> tuple[Enlisted, ...]:
        """The jobs that were made through the API, oldest first, runnable or not."""
        present = [d for d in await self._store.definitions() if d.removed_at is None]
        if not present:
            return ()
        return await asyncio.to_thread(self._enlist, present)

    async def everybody(self) -> tuple[Enlisted, ...]:
        """All jobs; those of the file come first."""
        return (*self.configured, *await self.made())

    async def runnable(self) -> list[Job]:
        """The made jobs that lack nothing; what removed ones left is forgotten on the way."""
        await self._store.sweep()
        return [one.job for one in await self.made() if not one.settings.obstacle]

    async def dismiss(self, owner: str) -> None:
        """Have the made jobs of a service principal be no more, and its secrets neither.

        Nobody in the target is touched, and the log stays.

        Raises:
            StateError: its secrets can't be removed; the jobs are gone all the same.
        """
        for definition in await self._store.definitions():
            if definition.service_principal_id == owner and definition.removed_at is None:
                await self._store.remove(definition.id)
        await self._store.sweep()
        await asyncio.to_thread(self.secrets.remove, owner)

    async def find(self, known: str | None) -> Enlisted:
        """The job of a short id or of one in Graph's form; without one, the file's only job.

        Raises:
            ConfigurationError: there is no such job, or it takes an id to choose.
        """
        if known is None:
            known = self._configuration.job(None).id
        enlisted = await self.everybody()
        for one in enlisted:
            if known in {one.job.id, one.job.graph_id}:
                return one
        ids = ", ".join(one.job.id for one in enlisted)
        raise ConfigurationError(f'there is no job "{known}"; known: {ids}')

    def _enlist(self, definitions: Sequence[JobDefinition]) -> tuple[Enlisted, ...]:
        owners = {definition.service_principal_id for definition in definitions}
        kept = {owner: self._kept(owner) for owner in owners}
        found: dict[str, _Known] = {}
        for definition in definitions:
            secrets, problem = kept[definition.service_principal_id]
            told = definition, {key: one.reveal() for key, one in secrets.items()}, problem
            known = self._known.get(definition.id)
            if known is None or known[0] != told:  # to check a schema takes a while
                known = told, self.enlisted(definition, secrets, problem)
            found[definition.id] = known
        self._known = found
        return tuple(enlisted for _, enlisted in found.values())

    def _kept(self, owner: str) -> tuple[dict[str, Secret], str]:
        """A service principal's secrets, or why they can't be read; others' jobs go on."""
        try:
            return self.secrets.read(owner), ""
        except StateError as error:
            return {}, str(error)

    def enlisted(
        self, definition: JobDefinition, secrets: Mapping[str, Secret], obstacle: str = ""
    ) -> Enlisted:
        """A made job, as it would be with these secrets."""
        settings = self._settings(definition, secrets)
        if obstacle:
            settings = replace(settings, obstacle=obstacle)
        try:
            return Enlisted(job_of(settings), settings, definition)
        except ConfigurationError as error:
            settings = replace(settings, obstacle=in_graph_words(str(error)))
            return Enlisted(job_of(settings), settings, definition)

    def _settings(self, definition: JobDefinition, secrets: Mapping[str, Secret]) -> JobSettings:
        known, name = definition.service_principal_id, definition.application
        if self.tenant is None:
            missing = made_settings(definition, secrets, Path(), name)
            return replace(missing, obstacle="the configuration has no fixture tenant to read")
        # An application without an id of its own is known by its name.
        derived = known == service_principal_id(self.tenant, name)
        return made_settings(definition, secrets, self.tenant, name if derived else known)
