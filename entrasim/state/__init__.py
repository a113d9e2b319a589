"""Where jobs remember: connector space, watermarks, cycles, provisioning log."""

from __future__ import annotations

from entrasim.state.backup import Backup, back_up
from entrasim.state.recording import record_of
from entrasim.state.restoring import Restored, restore
from entrasim.state.store import SqlStore

__all__ = ["Backup", "Restored", "SqlStore", "back_up", "record_of", "restore"]
