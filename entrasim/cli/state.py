"""state: back up and restore what the jobs remember."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from entrasim.cli import output
from entrasim.cli.options import COMMON, Common

app = App(name="state", help="Back up and restore what the jobs remember.")


@app.command
def backup(
    file: Path,
    /,
    *,
    force: Annotated[bool, Parameter(help="Write over a file that is there.")] = False,
    common: Common = COMMON,
) -> int:
    """Write the state of all jobs into one file.

    It may be done at any time, with the daemon at work. The file holds what the jobs
    know of people, is for its owner alone, and holds no token.

    Args:
        file: Where to write it.
        force: Write over a file that is there.
        common: Options of every such command.
    """
    from entrasim.state import back_up  # noqa: PLC0415 - slow to import, not for --help

    made = back_up(common.load().service.state, file, overwrite=force)
    if common.json:
        jobs = [job for job, _ in made.jobs]
        told = {"file": str(made.file), "bytes": made.size, "revision": made.revision, "jobs": jobs}
        output.as_json(told)
    else:
        what = f"  {made.size:,} bytes, jobs: {', '.join(job for job, _ in made.jobs) or 'none'}"
        output.line(("+ ", "green"), str(made.file), (what, "dim"))
    return 0


@app.command
def restore(file: Path, /, *, common: Common = COMMON) -> int:
    """Put a backup in the place of the state; what was there stays beside it.

    Stop the daemon first. The backup is read through before anything is replaced. The
    next cycle of each job is an initial one: whoever was created after the backup is
    found by matching, and nobody is created twice.

    Args:
        file: A file of `entrasim state backup`.
        common: Options of every such command.
    """
    from entrasim.scheduler.clocks import SystemClock  # noqa: PLC0415 - slow, not for --help
    from entrasim.state import restore as bring_back  # noqa: PLC0415 - likewise

    done = bring_back(common.load().service.state, file, SystemClock().now())
    if common.json:
        jobs = [{"id": job, "schedule": schedule} for job, schedule in done.jobs]
        replaced = str(done.replaced) if done.replaced else None
        told = {"state": str(done.state), "replaced": replaced, "revision": done.revision}
        output.as_json({**told, "jobs": jobs})
        return 0
    output.line(("+ ", "green"), str(done.state))
    if done.replaced:
        output.line("  what was there: ", str(done.replaced))
    for job, schedule in done.jobs:
        output.line(f"  {job}: {schedule}, the next cycle is an initial one")
    output.line("See what it would do before anything runs: ", ("entrasim plan", "bold"))
    return 0
