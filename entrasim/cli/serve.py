"""serve: the daemon."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from entrasim.cli import output
from entrasim.cli.options import COMMON, Common
from entrasim.cli.virtual_clock import Start, clock_of
from entrasim.cli.world import opened

if TYPE_CHECKING:
    from entrasim.ports import Clock

LogForm = Literal["plain", "json"]


def serve(
    *,
    virtual_clock: Start = None,
    log_format: LogForm = "plain",
    tls: Annotated[bool, Parameter(negative="")] = False,
    common: Common = COMMON,
) -> int:
    """Run every job at its interval, until SIGTERM or Ctrl-C.

    A cycle under way ends after the objects in flight; a second signal ends it
    at once. `entrasim job start`, `pause` and `restart` are obeyed within
    seconds, from any other terminal.

    Args:
        virtual_clock: For tests: time stands still, at START (2026-01-05T08:00:00Z) or now,
            until it is advanced by POST /entrasim/clock/advance.
        log_format: Log lines for people or for machines, on stderr.
        tls: Serve HTTPS by a local CA, which is made once, under the state's folder.
        common: Options of every such command.
    """
    return asyncio.run(_serve(clock_of(virtual_clock), log_format, common, tls=tls))


async def _serve(clock: Clock, log_format: LogForm, common: Common, *, tls: bool) -> int:
    from entrasim.api.summaries import moment  # noqa: PLC0415 - not for --help
    from entrasim.cli.daemon_world import daemon_world  # noqa: PLC0415 - likewise
    from entrasim.cli.server_tls import server_tls  # noqa: PLC0415 - likewise
    from entrasim.scheduler.clocks import VirtualClock  # noqa: PLC0415 - likewise
    from entrasim.scheduler.daemon import install_signals  # noqa: PLC0415 - likewise
    from entrasim.scheduler.events import configure_logging  # noqa: PLC0415 - likewise

    configure_logging(log_format, sys.stderr)
    async with (
        opened(common, clock) as (configuration, store),
        daemon_world(configuration, store, clock, job=common.job) as world,
    ):
        secured = server_tls(configuration, by_local_ca=tls)
        server = await world.serve(secured)
        install_signals(asyncio.get_running_loop(), world.daemon)
        output.note(f"entrasim: {server.url}/health, running {', '.join(world.jobs)}")
        if world.around.tenant is not None:
            output.note(f"Graph: {server.url}/v1.0, serving {world.around.tenant.folder}")
        if isinstance(clock, VirtualClock):
            output.note(
                f"It is {moment(clock.now())} until POST {server.url}/entrasim/clock/advance"
            )
        if secured.ca is not None:
            output.note(f"Clients trust it by {secured.ca}")
        if common.json:
            ca = {} if secured.ca is None else {"ca": str(secured.ca)}
            output.as_json({"url": server.url, "jobs": world.jobs, **ca})
        await world.daemon.run()
        await server.stop()
    return 0
