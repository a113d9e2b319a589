"""The shape of entrasim.toml: which keys there are, what they hold, and their defaults."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from entrasim.config.clauses import read_clause
from entrasim.config.directory_table import DirectoryTable
from entrasim.config.notify_table import NotifyTable
from entrasim.config.table import Duration, Strict
from entrasim.model.dialect import Dialect
from entrasim.model.entry import ObjectType
from entrasim.model.job import Fidelity, Scope
from entrasim.model.schema import EmptyCondition, FilterClause, NullSource, Readings, RegexMatch

Clause = Annotated[FilterClause, BeforeValidator(read_clause)]


class ServiceTable(Strict):
    """`[service]`: the daemon."""

    host: str = "127.0.0.1"
    port: int = Field(default=8420, ge=0, le=65535)
    state: str = "sqlite:///state/entrasim.db"
    api_token: str | None = None
    tls_certificate: Path | None = None
    tls_key: Path | None = None


class TargetTable(Strict):
    """`[jobs.target]`: where people go; every quirk of the dialect can be set here."""

    base_url: str
    token: str
    concurrency: int = Field(default=16, ge=1, le=256)
    requests_per_second: float = Field(default=0, ge=0)
    timeout: Duration = timedelta(seconds=30)
    retries: int | None = Field(default=None, ge=0, le=10)
    ca_file: Path | None = None
    operations: Literal["title", "lower"] | None = None
    active_as: Literal["string", "boolean"] | None = None
    gather_simple: bool | None = None
    member_removal: Literal["value", "filter"] | None = None
    members_per_request: int | None = Field(default=None, ge=1, le=100)
    ref_null: bool | None = None
    manager_removal: Literal["remove", "skip"] | None = None
    group_adscim_schema: bool | None = None
    roles_as: Literal["text", "object"] | None = None
    role_display: Literal["displayName", "display"] | None = None
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
    """`[jobs.safety]`: how much of the source may vanish at once, and how much may fail."""

    shrink_share: float = Field(default=0.5, gt=0, le=1)
    shrink_floor: int = Field(default=20, ge=1)
    failed_cycles: int = Field(default=3, ge=1)
    escrow_floor: int = Field(default=5_000, ge=1)
    escrow_share: float = Field(default=0.4, gt=0, le=1)
    escrow_limit: int = Field(default=40_000, ge=1)
    escrow_total: int = Field(default=60_000, ge=1)


class FilterTable(Strict):
    """`[[jobs.filters]]`: clauses that must all hold; of several tables one is enough."""

    model_config = ConfigDict(arbitrary_types_allowed=True)  # besides those of Strict

    object_: ObjectType = Field(default=ObjectType.USER, alias="object")
    name: str = ""
    clauses: tuple[Clause, ...]

    @field_validator("clauses")
    @classmethod
    def _asks_something(cls, value: tuple[FilterClause, ...]) -> tuple[FilterClause, ...]:
        if not value:
            raise ValueError("give one clause at least, such as 'department EQUALS \"Sales\"'")
        return value


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
    delete_groups: bool = True
    regex_match: RegexMatch = RegexMatch.WHOLE
    null_source: NullSource = NullSource.ALWAYS
    empty_condition: EmptyCondition = EmptyCondition.NULL
    filters: tuple[FilterTable, ...] = ()
    directory: DirectoryTable
    target: TargetTable
    safety: SafetyTable = SafetyTable()
    notify: NotifyTable = NotifyTable()

    @model_validator(mode="before")
    @classmethod
    def _practical_for_graph(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        """Whoever reads a real directory wants what is practical, unless they say otherwise."""
        directory = value.get("directory") if isinstance(value, dict) else None
        if isinstance(directory, dict) and directory.get("kind") == "graph":
            return {"fidelity": Fidelity.PRACTICAL, **value}
        return value

    @property
    def readings(self) -> Readings:
        """How the schema is read."""
        return Readings(**{name: getattr(self, name) for name in Readings.__struct_fields__})


class FileSettings(Strict):
    """The whole file."""

    service: ServiceTable = ServiceTable()
    jobs: tuple[JobTable, ...]
