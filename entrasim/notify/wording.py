"""How a notice reads to people."""

from __future__ import annotations

from datetime import UTC, datetime

from entrasim.model.job import QuarantineReason
from entrasim.model.notice import Notice, NoticeKind

_HAPPENED = {
    NoticeKind.QUARANTINE_BEGAN: 'Job "{job}" is in quarantine',
    NoticeKind.QUARANTINE_REASON_CHANGED: 'Job "{job}" is in quarantine for another reason',
    NoticeKind.JOB_DISABLED: 'Job "{job}" is disabled, after too long in quarantine',
    NoticeKind.TEST: 'Job "{job}" tests its notifications',
}
_STATUS = ("entrasim job status --job {job}", "how it stands")
_FAILURES = ("entrasim logs --job {job} --status failure", "what failed")
_AT_ONCE = ("entrasim sync --job {job}", "try now; a good cycle ends the quarantine")
_ANEW = ("entrasim job restart --job {job}", "begin anew, once the cause is repaired")
_HELD_BACK = ("entrasim logs --job {job} --action stagedDelete", "who is held back, and why")
_LET_GO = ("entrasim job restart --job {job} --reset ForceDeletes", "let them go, if it is right")
_COMMANDS = {
    NoticeKind.QUARANTINE_BEGAN: (_STATUS, _FAILURES, _AT_ONCE, _ANEW),
    NoticeKind.QUARANTINE_REASON_CHANGED: (_STATUS, _FAILURES, _AT_ONCE, _ANEW),
    NoticeKind.JOB_DISABLED: (_STATUS, _FAILURES, _ANEW),
    NoticeKind.TEST: (_STATUS,),
}


def headline(notice: Notice) -> str:
    """What happened, in one line, whatever the reason is made of."""
    return " ".join(f"{_HAPPENED[notice.kind].format(job=notice.job_id)}: {notice.reason}".split())


def letter(notice: Notice) -> str:
    """What happened, since when, why, and what to do; plain text."""
    return "\n".join(
        (
            f"{headline(notice)}.",
            "",
            f"Since         {_moment(notice.began_at)}",
            f"Why           {notice.message}",
            f"Next attempt  {next_attempt(notice)}",
            *((f"Cycle         {notice.cycle_id}",) if notice.cycle_id else ()),
            "",
            "What to do, on the machine that runs entrasim:",
            "",
            *(
                f"  {command.format(job=notice.job_id)}\n      {does}"
                for command, does in _commands(notice)
            ),
            "",
        )
    )


def _commands(notice: Notice) -> tuple[tuple[str, str], ...]:
    """What helps; no cycle, good as it may be, lets leavers go that are held back."""
    if notice.reason == QuarantineReason.TOO_MANY_DELETES:
        return (_STATUS, _HELD_BACK, _LET_GO, _ANEW)
    return _COMMANDS[notice.kind]


def next_attempt(notice: Notice) -> str:
    """When the next cycle is due without anybody's doing."""
    if notice.next_attempt_at is None:
        return "none by itself"
    return _moment(notice.next_attempt_at)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
