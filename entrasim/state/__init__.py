"""Where jobs remember: connector space, watermarks, cycles, provisioning log."""

from __future__ import annotations

from entrasim.state.recording import record_of
from entrasim.state.store import SqlStore

__all__ = ["SqlStore", "record_of"]
