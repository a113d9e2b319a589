"""The course of a soak: calm days and storms in turn, until one of them finds something."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.soak import calm, life, storm
from benchmarks.soak.scene import Scene


async def run(scene: Scene, tell: Callable[[Scene], object] = lambda _: None) -> None:
    """Let the days pass, until they are over or the first differences are found."""
    life.found(scene.company)
    await calm.carry_out(scene)
    while not scene.ended:
        tell(scene)
        await calm.spend(scene)
        if not scene.ended:
            await storm.spend(scene)
