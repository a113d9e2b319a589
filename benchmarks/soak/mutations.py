"""Six faults planted in the engine, each of which the soak must find.

    python -m benchmarks.soak.mutations [NAME…] [--seed N]

Each is a small patch of the source text, applied to a copy of the package that only the
worker's process uses. Exits with 0 if all of them were found.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.soak.engine import CODE
from benchmarks.soak.plan import Plan
from benchmarks.soak.report import Report
from benchmarks.soak.soak import soak

DAYS, PEOPLE, KILLS, SEEDS = 60, 40, 8, 4


@dataclass(frozen=True, slots=True)
class Mutation:
    """A fault: in which module which texts stand instead of which."""

    name: str
    module: str
    patches: tuple[tuple[str, str], ...]

    def plant(self, folder: Path) -> None:
        """Copy the code into a folder, with the fault in it.

        Raises:
            LookupError: a text isn't there any more; the mutation has to follow the engine.
        """
        ignored = shutil.ignore_patterns("__pycache__")
        for package in ("entrasim", "benchmarks"):
            shutil.copytree(CODE / package, folder / package, ignore=ignored)
        path = folder / "entrasim" / "engine" / self.module
        text = path.read_text(encoding="utf-8")
        for old, new in self.patches:
            if old not in text:
                raise LookupError(f"{self.name}: {self.module} doesn't hold {old!r}")
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")


MUTATIONS = (
    Mutation(
        "no disable",
        "steps/exporting.py",
        (
            ("case Update() | Enable() | Disable():", "case Update() | Enable():"),
            ("case StagedDelete() | Skip():", "case StagedDelete() | Skip() | Disable():"),
        ),
    ),
    Mutation(
        "double create",  # of somebody renamed after a create whose answer nobody got
        "settle.py",
        (("found = await matching.match_again(view.target, intent)", "found = None"),),
    ),
    Mutation(
        "lost manager",
        "phases.py",
        (("waiting = dict(work.deferred)", "waiting: dict[Anchor, None] = {}"),),
    ),
    Mutation(
        "lost update",  # of whoever failed once
        "steps/escrowing.py",
        (("escrow=None if given_up else escrow,", "escrow=None,"),),
    ),
    Mutation(
        "delete instead of disable",
        "safety/deletions.py",
        (("return Leave.DISABLE", "return Leave.DELETE"),),
    ),
    Mutation(
        "staged deletion forgotten",
        "phases.py",
        (("again.update(c.source_anchor for c in space.connections() if c.staged)", "pass"),),
    ),
)


def try_out(mutation: Mutation, plan: Plan) -> Report:
    """Run a short soak against an engine with the fault in it."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        code, work = Path(folder, "code"), Path(folder, "work")
        mutation.plant(code)
        work.mkdir()
        return asyncio.run(soak(plan, work, least=0, code=code))


def _first_to_find(mutation: Mutation, seed: int) -> Report:
    """The soak that finds a fault; some need several things to come together, and more seeds."""
    reports = (
        try_out(mutation, Plan(known, DAYS, PEOPLE, KILLS)) for known in range(seed, seed + SEEDS)
    )
    report = next(reports)
    while not report.found and (another := next(reports, None)):
        report = another
    return report


def main() -> int:
    """Try all of them, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # clients that are killed hang up
    survivors = 0
    for mutation in MUTATIONS:
        if options.names and mutation.name not in options.names:
            continue
        report = _first_to_find(mutation, options.seed)
        survivors += not report.found
        what = [*(f"{d.name}: {list(d.attributes)}" for d in report.differing), *report.wrong]
        first, count = what[0] if what else "nothing found", len(report.differing)
        when = f"seed {report.plan.seed}, day {report.days:.1f}"
        print(f"{mutation.name:<28}{when:<20}{count:>3} differences: {first}")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
