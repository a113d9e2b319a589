"""The shape of `[jobs.directory]`: a tenant in files, or Microsoft Graph."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from entrasim.config.table import Strict

CredentialKind = Literal[
    "secret", "certificate", "workload", "managed-identity", "cli", "default", "token"
]

_ID = re.compile(r"[0-9A-Za-z.-]+", re.ASCII)


def _id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError("expected an id such as 00000000-0000-0000-0000-000000000000")
    return value


Id = Annotated[str, AfterValidator(_id)]


class FixtureTable(Strict):
    """A tenant in a folder of files."""

    kind: Literal["fixture"]
    path: Path
    application: str = "Engagedly"
    default_domain: str | None = None


class GraphTable(Strict):
    """A tenant behind Microsoft Graph: which one, as whom, and for which application."""

    kind: Literal["graph"]
    tenant_id: Id
    service_principal_id: Id | None = None
    application: str | None = None
    default_domain: str | None = None
    credential: CredentialKind | None = None
    client_id: Id | None = None
    client_secret: str | None = Field(default=None, repr=False)
    certificate: Path | None = None
    certificate_password: str | None = Field(default=None, repr=False)
    token: str | None = Field(default=None, repr=False)
    cloud: Literal["global", "usgov", "usgov-dod", "china"] = "global"
    base_url: str | None = None
    authority: str | None = None
    ca_file: Path | None = None
    managers: Literal["delta", "expand"] = "delta"


DirectoryTable = Annotated[FixtureTable | GraphTable, Field(discriminator="kind")]

TABLES: dict[str, type[Strict]] = {"fixture": FixtureTable, "graph": GraphTable}
"""The tables by their kind."""
