"""What a soak found, for machines and for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.soak.comparing import Difference
from benchmarks.soak.plan import Plan

LAST = 12  # of what happened to an object


@dataclass(frozen=True, slots=True)
class Report:
    """A soak that has ended.

    Attributes:
        missing: what didn't happen often enough.
        told: what happened to each object that differs.
    """

    plan: Plan
    days: float
    operations: Mapping[str, int]
    faults: Mapping[str, int]
    happened: Mapping[str, int]
    kills: int
    requests: int
    cycles: int
    comparisons: int
    seconds: float
    differing: tuple[Difference, ...]
    wrong: tuple[str, ...]
    missing: tuple[str, ...]
    told: Mapping[str, list[str]]

    @property
    def good(self) -> bool:
        """Whether there is nothing to complain of."""
        return not (self.found or self.missing)

    @property
    def found(self) -> bool:
        """Whether entrasim did anything wrong."""
        return bool(self.differing or self.wrong)

    def as_json(self) -> dict[str, object]:
        """Everything."""
        return {
            "seed": self.plan.seed,
            "days": round(self.days, 1),
            "people": self.plan.people,
            "operations": dict(sorted(self.operations.items())),
            "faults": dict(sorted(self.faults.items())),
            "service": dict(sorted(self.happened.items())),
            "kills": self.kills,
            "requests": self.requests,
            "cycles": self.cycles,
            "comparisons": self.comparisons,
            "differences": len(self.differing),
            "seconds": round(self.seconds, 1),
            "differing": [
                {
                    "object": one.name,
                    "attributes": one.attributes,
                    "last": self.told.get(one.source_id, [])[-LAST:],
                }
                for one in self.differing
            ],
            "wrong": list(self.wrong),
            "missing": list(self.missing),
        }


def table(report: Report) -> str:
    """The same for people."""
    plan = report.plan
    lines = [f"Soak with seed {plan.seed}: {report.days:.0f} days, {plan.people} people", ""]
    for title, counts in (
        ("operations", report.operations),
        ("faults", report.faults),
        ("service", report.happened),
    ):
        lines += [f"{title}: {sum(counts.values()):,}"]
        lines += [f"    {name:<24}{number:>8,}" for name, number in sorted(counts.items())]
    lines += [
        f"{name:<28}{value:>8,}"
        for name, value in (
            ("kills survived", report.kills),
            ("requests", report.requests),
            ("cycles", report.cycles),
            ("comparisons", report.comparisons),
            ("differences", len(report.differing)),
            ("seconds", round(report.seconds)),
        )
    ]
    for one in report.differing:
        lines += [
            "",
            f"seed {plan.seed}, day {report.days:.1f}, {one.name} differs ({one.source_id}):",
        ]
        lines += [
            f"    {name}: expected {expected!r}, found {found!r}"
            for name, (expected, found) in one.attributes.items()
        ]
        lines += [f"    {line}" for line in report.told.get(one.source_id, [])[-LAST:]]
    lines += ["", *report.wrong, *report.missing]
    return "\n".join(lines).rstrip()
