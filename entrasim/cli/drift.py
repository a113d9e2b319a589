"""drift: what the target holds against what the job believes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from entrasim.cli import output
from entrasim.cli.cycles import PARTLY, QUARANTINED
from entrasim.cli.options import COMMON, Common
from entrasim.cli.world import stoppable, world

if TYPE_CHECKING:
    from entrasim.model.drift import DriftReport, Healing


def drift(
    *, heal: bool = False, unknown: bool = False, explain: bool = False, common: Common = COMMON
) -> int:
    """Compare the target with what the job believes, members included.

    It reads the target alone, not the directory, and works while the job is paused. What
    the next cycle deals with anyway is pending, and no drift.

    Args:
        heal: Bring back what drifted, as a cycle would; objects nobody knows stay.
        unknown: List the whole target besides, and tell what no link knows.
        explain: Show every step's verdict, who is pending, and whom nobody touches any more.
        common: Options of every such command.
    """
    return asyncio.run(_drift(common, heal=heal, unknown=unknown, explain=explain))


async def _drift(common: Common, *, heal: bool, unknown: bool, explain: bool) -> int:
    from entrasim.cli import drifting  # noqa: PLC0415 - not for --help
    from entrasim.cli.watching import Watching  # noqa: PLC0415 - likewise
    from entrasim.engine import drift as engine  # noqa: PLC0415 - likewise

    healing = None
    with stoppable() as stopping, Watching(quiet=common.json) as watching:
        async with world(common, observer=watching, stopping=stopping) as found:
            if heal:
                healing = await engine.heal(found.job, found.ports, unknown=unknown)
                report = healing.report
            else:
                report = await engine.find(found.job, found.ports, unknown=unknown)
    if common.json:
        output.as_json(drifting.as_json(report, healing, explain=explain))
    else:
        drifting.show(report, healing, explain=explain)
    return _exit_code(report, healing)


def _exit_code(report: DriftReport, healing: Healing | None) -> int:
    if healing is None:
        return PARTLY if report.drifted or report.errors else 0
    if healing.held_back:
        return QUARANTINED
    return PARTLY if healing.failed or report.errors else 0
