"""demo: provisioning in a minute, with everything embedded."""

from __future__ import annotations

import asyncio
from pathlib import Path


def demo(
    *,
    exit: bool = False,  # noqa: A002 - the option's name
    port: int | None = None,
    config: Path | None = None,
) -> int:
    """Watch people being hired, moved and dismissed, and what is sent for it.

    Everything runs inside this process and leaves nothing behind: Contoso's
    directory, a stand-in for Engagedly, the daemon, and a clock that is turned
    forward by 40 minutes at a time.

    Args:
        exit: End after the story, instead of staying up for a look around.
        port: The port of the stand-in's page; 8421 or the next free one without it.
        config: Every command takes it; this one brings its own.
    """
    from entrasim.cli.demo_story import tell  # noqa: PLC0415 - slow to import, not for --help

    del config
    return asyncio.run(tell(port, stays=not exit))
