"""Delta queries: what changed in the tenant since a client last asked."""

from __future__ import annotations

from entrasim.api.delta.history import ChangeHistory

__all__ = ["ChangeHistory"]
