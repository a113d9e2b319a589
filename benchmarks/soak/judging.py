"""Judge a soak: what was found, and whether enough happened for that to mean something."""

from __future__ import annotations

from collections import Counter

from benchmarks.soak import weather
from benchmarks.soak.company import BEGIN
from benchmarks.soak.report import Report
from benchmarks.soak.scene import Scene

OPERATIONS = (
    "hire", "hire ahead", "hire outside", "hire without mail", "rehire", "move", "rename",
    "hand on", "new manager", "no manager", "clear", "give mail", "unassign", "disable",
    "delete", "purge", "purge at once", "purge unassigned", "reassign", "enable", "restore",
    "form group", "join group", "leave group", "rename group", "assign group",
    "unassign group", "delete group", "allow", "repair",
)  # fmt: skip
"""What must happen to the company."""


SERVICE = ("mass leave", "pause", "restart")
"""What must happen to the service."""


def judge(scene: Scene, *, least: int, seconds: float) -> Report:
    """The report on a soak that has ended; each kind of thing must have happened so often."""
    service, company, kills = scene.service, scene.company, scene.service.engine.kills
    faults = Counter(service.endpoint.faults)
    for name in ("outage", *weather.SOURCES):
        faults[name] = scene.happened.pop(name, 0)
    happened = {name: company.done[name] for name in OPERATIONS}
    happened |= {name: scene.happened[name] for name in SERVICE}
    happened |= {name: faults[name] for name in (*weather.FAULTS, *weather.SOURCES)}
    missing = [f"{name}: {n} times, not {least}" for name, n in happened.items() if n < least]
    if kills < scene.plan.kills:
        missing.append(f"kills: {kills}, not {scene.plan.kills}")
    return Report(
        plan=scene.plan,
        days=(service.now - BEGIN).total_seconds() / 86400,
        operations=company.done,
        faults=faults,
        happened=scene.happened,
        kills=kills,
        requests=service.endpoint.requests,
        cycles=service.cycles,
        comparisons=scene.comparisons,
        seconds=seconds,
        differing=tuple(scene.differing),
        wrong=tuple(scene.wrong),
        missing=tuple(missing),
        told=company.told,
    )
