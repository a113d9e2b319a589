"""What the daemon's API stands on."""

from __future__ import annotations

from dataclasses import dataclass, field

from entrasim.api.delta import ChangeHistory
from entrasim.api.token.issuer import TokenIssuer
from entrasim.config import Configuration
from entrasim.directory.fixture.graph_tenant import GraphTenant
from entrasim.ports import Clock
from entrasim.scheduler.daemon import Daemon
from entrasim.state import SqlStore


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The daemon's API answers from these.

    Attributes:
        tenant: the fixture tenant that it serves; None if no job reads one.
        tokens: who issues access tokens; those of an issuer without a file end with the process.
        history: what became of the tenant's objects; without it there are no delta queries.
    """

    daemon: Daemon
    configuration: Configuration
    store: SqlStore
    clock: Clock
    tenant: GraphTenant | None
    tokens: TokenIssuer = field(default_factory=TokenIssuer)
    history: ChangeHistory | None = None
