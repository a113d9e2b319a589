"""The options that commands share, and the configuration they lead to."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from entrasim.cli import output

if TYPE_CHECKING:
    from entrasim.config import Configuration, JobSettings


@Parameter(name="*")
@dataclass(frozen=True)
class Common:
    """Options of every command that reads the configuration."""

    config: Annotated[
        Path | None,
        Parameter(help="The configuration; $ENTRASIM_CONFIG or config/entrasim.toml without it."),
    ] = None
    job: Annotated[str | None, Parameter(help="The job's id, if there are several.")] = None
    json: Annotated[bool, Parameter(help="Machine output on stdout, and nothing else there.")] = (
        False
    )

    def load(self) -> Configuration:
        """Load the configuration; what is unwise in it goes to stderr."""
        from entrasim.config import load  # noqa: PLC0415 - slow to import, not for --help

        configuration = load(self.config, os.environ)
        for warning in configuration.warnings:
            output.note(f"Warning: {warning}")
        return configuration

    def settings(self) -> JobSettings:
        """The chosen job's settings, wherever it was made.

        Only for a job that isn't in the file the state is opened.
        """
        configuration = self.load()
        if self.job is None or self.job in {job.id for job in configuration.jobs}:
            return configuration.job(self.job)
        return asyncio.run(_enlisted(configuration, self.job))


async def _enlisted(configuration: Configuration, known: str) -> JobSettings:
    from entrasim.bootstrap import Roster, open_store  # noqa: PLC0415 - likewise
    from entrasim.scheduler.clocks import SystemClock  # noqa: PLC0415 - likewise

    clock = SystemClock()
    store = open_store(configuration, clock)
    try:
        return (await Roster.of(configuration, store, clock).find(known)).settings
    finally:
        await store.close()


@Parameter(name="*")
@dataclass(frozen=True)
class Standalone:
    """Options of a command that works without a configuration."""

    config: Annotated[
        Path | None, Parameter(help="Every command takes it; this one has no need of it.")
    ] = None
    json: Annotated[bool, Parameter(help="Machine output on stdout, and nothing else there.")] = (
        False
    )


COMMON, STANDALONE = Common(), Standalone()
