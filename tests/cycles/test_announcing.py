"""Who is told of a quarantine, when, and how often."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from entrasim.engine.cycle import run_cycle
from entrasim.engine.rehearsal import plan
from entrasim.errors import (
    CredentialsRefusedError,
    CycleError,
    NotificationError,
    TargetUnreachableError,
)
from entrasim.model.job import RestartScope, Safety
from entrasim.ports import Silence

REFUSED = CredentialsRefusedError("the token is refused (401)")


class Letterbox:
    """Keeps what it is told, by two channels of which one may be broken."""

    def __init__(self):
        self.letters, self.broken = [], False

    async def notify(self, notice, *, told=frozenset()):
        for channel in {"mail", "webhook"} - told:
            if not (channel == "webhook" and self.broken):
                self.letters.append((channel, notice))
        if self.broken:
            raise NotificationError({"webhook": "500"}, told=told | {"mail"})

    async def close(self):
        pass

    def seen(self, channel="mail"):
        return [(n.kind.value, n.reason) for c, n in self.letters if c == channel]


class Log(Silence):
    def __init__(self):
        self.notices, self.failures = [], []

    def noticed(self, notice):
        self.notices.append(notice)

    def untold(self, error):
        self.failures.append(str(error))


@pytest.fixture
def letterbox():
    return Letterbox()


@pytest.fixture
def log():
    return Log()


@pytest.fixture
def watched(story, letterbox, log):
    """Runs a cycle of the story's job, watched; its probe may fail."""
    story.employ("ada")

    async def cycle(error=None):
        story.wait(minutes=40)
        story.target.fault = lambda call, _: error if call == "probe" else None
        ports = replace(story.ports, notifier=letterbox, observer=log)
        with suppress(CycleError):
            await run_cycle(story.job, ports)

    return cycle


async def test_quarantine_is_told_once(watched, letterbox, log):
    for _ in range(3):
        await watched(REFUSED)

    assert letterbox.seen() == [("quarantineBegan", "EncounteredQuarantineException")]
    assert [n.message for n in log.notices] == ["the token is refused (401)"]


async def test_healthy_job_is_no_news(watched, letterbox):
    await watched()
    await watched(TargetUnreachableError("down"))

    assert letterbox.letters == []


async def test_new_reason_is_told_once_more(story, watched, letterbox):
    story.allow_deletions(1)
    for name in ("bob", "cem", "dan"):
        story.employ(name)
    await watched()
    story.unassign("bob")
    story.unassign("cem")
    await watched()
    await watched(REFUSED)
    await watched(REFUSED)

    assert letterbox.seen() == [
        ("quarantineBegan", "TooManyDeletes"),
        ("quarantineReasonChanged", "EncounteredQuarantineException"),
    ]


async def test_next_quarantine_after_a_good_cycle_is_news_again(watched, letterbox):
    await watched(REFUSED)
    await watched()
    await watched(REFUSED)

    assert letterbox.seen() == [("quarantineBegan", "EncounteredQuarantineException")] * 2


async def test_disabled_job_is_told_of(story, watched, letterbox):
    for _ in range(4):
        await watched(REFUSED)
        story.wait(days=10)

    (_, (kind, _)) = letterbox.seen()
    assert kind == "jobDisabled"
    assert letterbox.letters[-1][1].next_attempt_at is None


async def test_channel_that_failed_is_tried_after_the_next_cycle_and_the_others_are_not(
    watched, letterbox, log
):
    letterbox.broken = True
    await watched(REFUSED)
    await watched(REFUSED)
    letterbox.broken = False
    await watched(REFUSED)
    await watched(REFUSED)

    assert len(letterbox.seen("mail")) == 1
    assert len(letterbox.seen("webhook")) == 1
    assert len({notice.id for _, notice in letterbox.letters}) == 1
    assert log.failures == ["webhook: 500"] * 2


async def test_notice_names_the_cycle_and_the_next_attempt(story, watched, letterbox):
    await watched(REFUSED)

    notice = letterbox.letters[0][1]
    (execution,) = await story.store.executions(story.job.id, 1)
    held = (await story.store.job_state(story.job)).quarantine
    assert notice.cycle_id == execution.cycle.id
    assert notice.next_attempt_at == held.next_attempt_at


async def test_plan_tells_nobody(story, watched, letterbox, log):
    story.configure(safety=Safety(deletion_threshold=1))
    story.employ("bob")
    await watched()
    story.unassign("ada")
    story.unassign("bob")

    ports = replace(story.ports, notifier=letterbox, observer=log)
    execution, _ = await plan(story.job, ports, story.store)

    assert execution.health.quarantine is not None
    assert (letterbox.letters, log.notices) == ([], [])


async def test_restart_makes_the_next_quarantine_news(story, watched, letterbox):
    await watched(REFUSED)
    await story.restart(RestartScope.QUARANTINE_STATE)
    await watched(REFUSED)

    assert len(letterbox.seen()) == 2
