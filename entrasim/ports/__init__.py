"""What the engine needs from the world; everything else is somebody's implementation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from entrasim.ports.audience import Discretion, Notifier, Observer, Silence
from entrasim.ports.store import Journal, Reached, Store
from entrasim.ports.surroundings import Chance, Clock, Directory
from entrasim.ports.target import Target, TargetResource, WireRequest

__all__ = [
    "Chance",
    "Clock",
    "Directory",
    "Discretion",
    "Journal",
    "Notifier",
    "Observer",
    "Ports",
    "Reached",
    "Silence",
    "Store",
    "Target",
    "TargetResource",
    "WireRequest",
]


@dataclass(frozen=True, slots=True)
class Ports:
    """The world as one job's cycle sees it.

    Without a `chance`, mappings that ask for something random fail. `stopping` tells
    whether somebody wants the cycle to end after the objects in flight.
    """

    directory: Directory
    target: Target
    store: Journal
    clock: Clock
    chance: Chance | None = None
    observer: Observer = field(default_factory=Silence)
    notifier: Notifier = field(default_factory=Discretion)
    stopping: Callable[[], bool] = lambda: False
