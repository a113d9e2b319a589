"""The shape of entrasim.toml: which keys there are, what they hold, and their defaults."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from entrasim.config.durations import duration
from entrasim.model.dialect import Dialect
from entrasim.model.job import Fidelity, Scope

Duration = Annotated[timedelta, BeforeValidator(duration)]
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Strict(BaseModel):
    """A table of the file; unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ServiceTable(Strict):
    """`[service]`: the daemon."""

    host: str = "127.0.0.1"
    port: int = Field(default=8420, ge=0, le=65535)
    state: str = "sqlite:///state/entrasim.db"
    api_token: str | None = None


class DirectoryTable(Strict):
    """`[jobs.directory]`: where people come from."""

    kind: Literal["fixture"]
    path: Path
    application: str = "Engagedly"


class TargetTable(Strict):
    """`[jobs.target]`: where people go; every quirk of the dialect can be set here."""

    base_url: str
    token: str
    concurrency: int = Field(default=16, ge=1, le=256)
    requests_per_second: float = Field(default=0, ge=0)
    timeout: Duration = timedelta(seconds=30)
    ca_file: Path | None = None
    operations: Literal["title", "lower"] | None = None
    active_as: Literal["string", "boolean"] | None = None
    gather_simple: bool | None = None
    member_removal: Literal["value", "filter"] | None = None
    members_per_request: int | None = Field(default=None, ge=1)
    ref_null: bool | None = None
    manager_removal: Literal["remove", "skip"] | None = None
    group_adscim_schema: bool | None = None
    user_agent: str | None = None
    honour_retry_after: bool | None = None

    @field_validator("base_url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        if not value.strip().startswith(("http://", "https://")):
            raise ValueError("expected a URL like https://host/scim/v2")
        return value

    @property
    def quirks(self) -> dict[str, Any]:
        """The fields of the dialect that are set."""
        found = {name: getattr(self, name) for name in Dialect.__struct_fields__}
        return {name: value for name, value in found.items() if value is not None}


class SafetyTable(Strict):
    """`[jobs.safety]`: how much of the source may vanish at once."""

    shrink_share: float = Field(default=0.5, gt=0, le=1)
    shrink_floor: int = Field(default=20, ge=1)


def _short_name(value: str) -> str:
    kept = value.replace("-", "").replace("_", "").replace(".", "")
    if not kept.isascii() or not kept.isalnum() or value != value.lower() or len(value) > 64:  # noqa: PLR2004 - a short name
        raise ValueError("expected a short name of a-z, 0-9, '-', '_' and '.'")
    return value


class JobTable(Strict):
    """`[[jobs]]`: one source, one target, and the rules between them."""

    id: Annotated[str, AfterValidator(_short_name)]
    schema_: str = Field(default="engagedly", alias="schema")
    interval: Duration = timedelta(minutes=40)
    scope: Scope = Scope.ASSIGNED
    fidelity: Fidelity = Fidelity.ENTRA
    heal_references: bool | None = None
    start: Literal["active", "paused"] = "active"
    deletion_threshold: int = Field(default=500, ge=0)
    skip_out_of_scope_deletions: bool = False
    directory: DirectoryTable
    target: TargetTable
    safety: SafetyTable = SafetyTable()


class FileSettings(BaseSettings):
    """The whole file."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    service: ServiceTable = ServiceTable()
    jobs: tuple[JobTable, ...]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the loader hands over has the environment in it already."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)
