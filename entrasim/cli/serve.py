"""serve: the daemon."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from entrasim.cli import output
from entrasim.cli.options import COMMON, Common
from entrasim.cli.world import opened
from entrasim.model.cycle import CycleRequest, TaskExecution
from entrasim.model.job import Job

if TYPE_CHECKING:
    from entrasim.config import Configuration, JobSettings
    from entrasim.ports import Clock, Store
    from entrasim.scheduler.daemon import Daemon
    from entrasim.serving import AsgiServer

PORT = 8420


def serve(*, log_format: Literal["plain", "json"] = "plain", common: Common = COMMON) -> int:
    """Run every job at its interval, until SIGTERM or Ctrl-C.

    A cycle under way ends after the objects in flight; a second signal ends it
    at once. `entrasim job start`, `pause` and `restart` are obeyed within
    seconds, from any other terminal.

    Args:
        log_format: Log lines for people or for machines, on stderr.
        common: Options of every such command.
    """
    return asyncio.run(_serve(log_format, common))


async def _serve(log_format: Literal["plain", "json"], common: Common) -> int:
    from entrasim.scheduler.clocks import SystemClock  # noqa: PLC0415 - not for --help
    from entrasim.scheduler.daemon import install_signals  # noqa: PLC0415 - likewise
    from entrasim.scheduler.events import configure_logging  # noqa: PLC0415 - likewise

    configure_logging(log_format, sys.stderr)
    async with opened(common) as (configuration, store):
        chosen = [configuration.job(common.job)] if common.job else [*configuration.jobs]
        daemon = _daemon(chosen, store, SystemClock())
        server = await _server(daemon, configuration)
        install_signals(asyncio.get_running_loop(), daemon)
        known = ", ".join(settings.id for settings in chosen)
        output.note(f"entrasim: {server.url}/health, running {known}")
        if common.json:
            output.as_json({"url": server.url, "jobs": [settings.id for settings in chosen]})
        await daemon.run()
        await server.stop()
    return 0


def _daemon(chosen: list[JobSettings], store: Store, clock: Clock) -> Daemon:
    from entrasim import bootstrap  # noqa: PLC0415 - likewise
    from entrasim.engine.cycle import run_cycle  # noqa: PLC0415 - likewise
    from entrasim.scheduler.daemon import Daemon  # noqa: PLC0415 - likewise
    from entrasim.scheduler.events import JobEvents  # noqa: PLC0415 - likewise

    settings = {s.id: s for s in chosen}

    async def run(job: Job, request: CycleRequest, stopping: Callable[[], bool]) -> TaskExecution:
        world = bootstrap.assembled(
            settings[job.id], store, clock, observer=JobEvents(job.id), stopping=stopping
        )
        async with world as found:
            return await run_cycle(found.job, found.ports, request)

    return Daemon([bootstrap.job_of(s) for s in chosen], store, clock, run)


async def _server(daemon: Daemon, configuration: Configuration) -> AsgiServer:
    """Serve the daemon's health; a port that stands in the configuration was asked for."""
    from entrasim.api.access import guarded  # noqa: PLC0415 - likewise
    from entrasim.api.health import health_app  # noqa: PLC0415 - likewise
    from entrasim.cli.listening import listen  # noqa: PLC0415 - likewise
    from entrasim.serving import AsgiServer  # noqa: PLC0415 - likewise

    service, token = configuration.service, configuration.api_token
    app = guarded(health_app(daemon), token.reveal() if token else None)
    asked = service.port if "port" in service.model_fields_set else None
    return await listen(
        lambda port: AsgiServer(app, host=service.host, port=port), asked=asked, default=PORT
    )
