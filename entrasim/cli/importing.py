"""The import of a schema: written where the job looks for it, and what follows from it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from entrasim.cli import output
from entrasim.cli.options import Common

if TYPE_CHECKING:
    from entrasim.config import Configuration, JobSettings
    from entrasim.engine.beginning import Beginning


def carry_out(file: Path, text: bytes, warnings: tuple[str, ...], common: Common) -> int:
    """Make a valid schema the job's, and say how its next cycle begins.

    Raises:
        ConfigurationError: the job can't run with it, or a file can't be written; nothing
            was changed.
    """
    from entrasim.config import install_schema  # noqa: PLC0415 - slow to import, not for --help

    configuration = common.load()
    if common.job is not None and common.job not in {job.id for job in configuration.jobs}:
        return asyncio.run(_kept(text, warnings, common, configuration))
    current = configuration.job(common.job)
    begins = asyncio.run(_next_cycle(_as_if(current, file, common), configuration))
    written = install_schema(configuration.path, current, text, os.environ)
    if common.json:
        output.as_json(_told(current.id, written, warnings, begins))
    for path in () if common.json else written:
        output.line(("+ ", "green"), str(path))
    for warning in warnings:
        output.note(f"Warning: {warning}")
    _announce(current.id, begins)
    output.note("A running daemon goes on with what it read at its start: restart it.")
    return 0


async def _kept(
    text: bytes, warnings: tuple[str, ...], common: Common, configuration: Configuration
) -> int:
    """Give a job made through the API its schema; a running daemon goes by it at once."""
    from entrasim.bootstrap import Roster, open_store  # noqa: PLC0415 - likewise
    from entrasim.engine.beginning import beginning  # noqa: PLC0415 - likewise
    from entrasim.scheduler.clocks import SystemClock  # noqa: PLC0415 - likewise

    clock = SystemClock()
    store = open_store(configuration, clock)
    try:
        roster = Roster.of(configuration, store, clock)
        known = (await roster.find(common.job)).job.id
        await store.change_schema(known, text.decode())
        job = (await roster.find(known)).job
        begins = beginning(job, await store.job_state(job))
    finally:
        await store.close()
    if common.json:
        output.as_json(_told(known, (), warnings, begins))
    for warning in warnings:
        output.note(f"Warning: {warning}")
    _announce(known, begins)
    return 0


def _as_if(current: JobSettings, file: Path, common: Common) -> JobSettings:
    """The job as it will be: with its own filters on the new schema."""
    from entrasim.config import load, variable_of  # noqa: PLC0415 - likewise

    variable = variable_of(current.id, "schema")
    return load(common.config, {**os.environ, variable: str(file.absolute())}).job(current.id)


async def _next_cycle(settings: JobSettings, configuration: Configuration) -> Beginning:
    from entrasim.bootstrap import job_of, open_store  # noqa: PLC0415 - likewise
    from entrasim.engine.beginning import beginning  # noqa: PLC0415 - likewise
    from entrasim.scheduler.clocks import SystemClock  # noqa: PLC0415 - likewise

    job, store = job_of(settings), open_store(configuration, SystemClock())
    try:
        return beginning(job, await store.job_state(job))
    finally:
        await store.close()


def _announce(job_id: str, begins: Beginning) -> None:
    why = f", since {begins.reason}" if begins.reason else ""
    output.note(f"The next cycle of {job_id} is an {begins.kind} one{why}.")


def _told(
    job_id: str, written: tuple[Path, ...], warnings: tuple[str, ...], begins: Beginning
) -> dict[str, object]:
    return {
        "imported": True,
        "jobId": job_id,
        "written": [str(path) for path in written],
        "nextCycle": begins.kind.value,
        "nextCycleReason": begins.reason or None,
        "warnings": list(warnings),
    }
