"""The settings of a job that was made through the API: its definition, and kept secrets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from entrasim.config.configuration import JobSettings
from entrasim.config.directory import FixtureSettings
from entrasim.config.directory_table import FixtureTable
from entrasim.config.notify import NotifySettings
from entrasim.config.schema_json import LoadedSchema, examine_schema
from entrasim.config.schemas import document_of
from entrasim.config.secret import Secret
from entrasim.config.settings import JobTable, TargetTable
from entrasim.errors import ConfigurationError
from entrasim.model.definition import JobDefinition
from entrasim.model.job import Scope

OBLIGATORY = ("BaseAddress", "SecretToken")
"""What a job of a SCIM application can't run without (learn.microsoft.com/graph/api/
synchronization-serviceprincipal-put-synchronization)."""

_NOTHING = Secret("")


def made_settings(
    definition: JobDefinition, secrets: Mapping[str, Secret], tenant: Path, application: str
) -> JobSettings:
    """What a job is told by its definition and by the secrets of its service principal.

    A secret is taken as it stands: none is looked up in files or in the environment. What is
    missing, or can't be used, is told as the job's obstacle.
    """
    loaded, problems = _schema_of(definition.schema_text, definition.id)
    told = {key: secret.reveal() for key, secret in secrets.items()}
    base_url = told.get("BaseAddress", "")
    every = _true(told.get("SyncAll"))
    table = JobTable(
        id=definition.id,
        schema=f"of job {definition.graph_id}",
        interval=definition.interval,
        scope=Scope.ALL if every else Scope.ASSIGNED,
        start="paused",
        skip_out_of_scope_deletions=_true(told.get("SkipOutOfScopeDeletions")),
        directory=FixtureTable(kind="fixture", path=tenant, application=application),
        # Not looked at here: a job that can't be used yet is a job all the same.
        target=TargetTable.model_construct(base_url=base_url, token=""),
    )
    return JobSettings(
        table=table,
        schema=loaded,
        directory=FixtureSettings(tenant, application),
        token=secrets.get("SecretToken", _NOTHING),
        ca_file=None,
        notify=NotifySettings(None, None),
        graph_id=definition.graph_id,
        obstacle=_missing(definition, told) or _unusable(told) or "; ".join(problems),
    )


def in_graph_words(text: str) -> str:
    """A message about settings, for whoever knows them as secrets."""
    return text.replace("target.base_url", "BaseAddress").replace("target.token", "SecretToken")


@lru_cache(maxsize=64)
def _schema_of(text: str, job_id: str) -> tuple[LoadedSchema, tuple[str, ...]]:
    """A schema as far as it can be read, and what is wrong with it."""
    origin = f"the schema of job {job_id}"
    try:
        document = document_of(text.encode(), origin)
    except ConfigurationError as error:
        return examine_schema({}, origin=origin)[0], error.problems
    loaded, reader = examine_schema(document, origin=origin)
    return loaded, tuple(reader.problems)


def _missing(definition: JobDefinition, told: Mapping[str, str]) -> str:
    missing = [key for key in OBLIGATORY if not told.get(key)]
    if not missing:
        return ""
    where = f"/servicePrincipals/{definition.service_principal_id}/synchronization/secrets"
    verb, them = ("is", "it") if len(missing) == 1 else ("are", "them")
    return f"{' and '.join(missing)} {verb} missing; PUT {them} to {where}"


def _unusable(told: Mapping[str, str]) -> str:
    token = told["SecretToken"]
    if not token.isascii() or not token.isprintable():
        return "SecretToken holds characters that no token has; PUT another one"
    if not told["BaseAddress"].strip().startswith(("http://", "https://")):
        return "BaseAddress must be a URL like https://host/scim/v2; PUT another one"
    return ""


def _true(text: str | None) -> bool:
    return text is not None and text.strip().casefold() == "true"
