"""Drift: find where the target holds something else than the job believes, and heal it.

Entra has nothing like it: its cycles look at what changed in the directory.
"""

from entrasim.engine.drift.finding import find
from entrasim.engine.drift.healing import heal

__all__ = ["find", "heal"]
