"""A long run: the random life of a company, with faults and kills, against plain rules.

    python -m benchmarks.soak [--seed N] [--days N] [--people N] [--kills N] [--json]

entrasim runs in a process of its own, which is killed again and again; target and company live
in this one. Exits with 0 if the target never differed from what the rules say, and if every
kind of thing happened often enough to mean something.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import tempfile
from pathlib import Path

from benchmarks.soak.plan import Plan
from benchmarks.soak.report import Report, table
from benchmarks.soak.soak import soak


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--least", type=int, default=20, help="how often each kind must happen")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # clients that are killed hang up
    plan = Plan(options.seed, options.days, options.people, options.kills)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        report: Report = asyncio.run(soak(plan, Path(folder), least=options.least))
    print(json.dumps(report.as_json()) if options.json else table(report))
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
