"""Announcing: tell people of a quarantine, once, and once more of a new reason for it.

Source: learn.microsoft.com/entra/identity/app-provisioning/
application-provisioning-quarantine-status
"""

from __future__ import annotations

from msgspec.structs import replace

from entrasim.errors import NotificationError
from entrasim.model.job import Announcement, Job, JobState, Quarantine, ScheduleState
from entrasim.model.notice import Notice, NoticeKind
from entrasim.ports import Ports


async def announce(job: Job, ports: Ports) -> None:
    """Tell whoever has not been told yet how the job's last cycle left it.

    What can't be delivered is told after the next cycle, by the channels that failed. A
    process that is killed in between tells it twice.
    """
    state = await ports.store.job_state(job)
    held = state.quarantine
    if held is None:
        return
    announcement = held.announced
    if announcement is None or not _says(announcement.notice, held, state):
        announcement = Announcement(notice=_notice(job, held, state))
        ports.observer.noticed(announcement.notice)
    if not announcement.complete:
        await ports.store.announced(job.id, await _told(announcement, ports))


def _says(notice: Notice, held: Quarantine, state: JobState) -> bool:
    """Whether a notice is still the news: of this reason, and of a job that still runs or not."""
    disabled = state.schedule is ScheduleState.DISABLED
    return notice.reason == held.reason and disabled is (notice.kind is NoticeKind.JOB_DISABLED)


def _notice(job: Job, held: Quarantine, state: JobState) -> Notice:
    kind = NoticeKind.QUARANTINE_BEGAN
    if state.schedule is ScheduleState.DISABLED:
        kind = NoticeKind.JOB_DISABLED
    elif held.announced is not None:
        kind = NoticeKind.QUARANTINE_REASON_CHANGED
    return Notice(
        job_id=job.id,
        kind=kind,
        reason=held.reason.value,
        message=held.message,
        began_at=held.began_at,
        next_attempt_at=None if kind is NoticeKind.JOB_DISABLED else held.next_attempt_at,
        cycle_id=held.cycle_id,
    )


async def _told(announcement: Announcement, ports: Ports) -> Announcement:
    """Who has been told after another try."""
    try:
        await ports.notifier.notify(announcement.notice, told=frozenset(announcement.told))
    except NotificationError as error:
        ports.observer.untold(error)
        return replace(announcement, told=tuple(sorted(error.told)))
    return replace(announcement, complete=True)
