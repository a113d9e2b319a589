"""test-notification, and how a notice reads among a command's messages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from entrasim.cli import output
from entrasim.cli.options import COMMON, Common
from entrasim.errors import ConfigurationError, NotificationError

if TYPE_CHECKING:
    from entrasim.model.notice import Notice
    from entrasim.ports import Clock

UNTOLD = 1


def tell(notice: Notice) -> None:
    """Say to people on stderr that the job is in trouble; why, the command itself says."""
    from entrasim.notify.wording import headline, next_attempt  # noqa: PLC0415 - not for --help

    output.note(f"Warning: {headline(notice)}. Next attempt: {next_attempt(notice)}")


def try_notification(*, common: Common = COMMON) -> int:
    """Send a test notice by every channel that the job's configuration names.

    Exit code 1 if a channel failed, 2 if there is none.
    """
    return asyncio.run(_try_notification(common))


async def _try_notification(common: Common) -> int:
    from entrasim.bootstrap import notifier_of  # noqa: PLC0415 - likewise
    from entrasim.scheduler.clocks import SystemClock  # noqa: PLC0415 - likewise

    configuration, clock = common.load(), SystemClock()
    settings = configuration.job(common.job)
    channels = settings.notify.channels
    if not channels:
        raise ConfigurationError(
            f"{configuration.path}: jobs.{settings.id}.notify: nobody is to be told; give a "
            "webhook, or a table [jobs.notify.mail]"
        )
    notifier, failures = notifier_of(settings, clock), dict[str, str]()
    try:
        await notifier.notify(_test_notice(settings.id, clock))
    except NotificationError as error:
        failures.update(error.failures)
    finally:
        await notifier.close()
    _show(settings.id, channels, failures, for_machines=common.json)
    return UNTOLD if failures else 0


def _test_notice(job_id: str, clock: Clock) -> Notice:
    from entrasim.model.notice import Notice, NoticeKind  # noqa: PLC0415 - likewise

    return Notice(
        job_id=job_id,
        kind=NoticeKind.TEST,
        reason="Test",
        message="Somebody said `entrasim test-notification`; nothing has to be done",
        began_at=clock.now(),
    )


def _show(
    job_id: str, channels: tuple[str, ...], failures: dict[str, str], *, for_machines: bool
) -> None:
    if for_machines:
        told = [channel for channel in channels if channel not in failures]
        output.as_json({"jobId": job_id, "told": told, "failures": failures})
        return
    for channel in channels:
        if channel in failures:
            output.line((f"✗ {channel}: {failures[channel]}", "red"))
        else:
            output.line(("✓ ", "green"), f"{channel}: sent")
