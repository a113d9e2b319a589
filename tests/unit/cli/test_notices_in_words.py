"""A notice among the messages of a command."""

from __future__ import annotations

from datetime import UTC, datetime

from entrasim.cli import notifying
from entrasim.model.notice import Notice, NoticeKind


def test_notice_is_told_in_words_on_stderr(capsys):
    notice = Notice(
        job_id="engagedly",
        kind=NoticeKind.QUARANTINE_BEGAN,
        reason="EncounteredQuarantineException",
        message="The target refuses the token; correct target.token",
        began_at=datetime(2026, 11, 25, tzinfo=UTC),
    )

    notifying.tell(notice)

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        'Warning: Job "engagedly" is in quarantine: EncounteredQuarantineException. '
        "Next attempt: none by itself\n"
    )
