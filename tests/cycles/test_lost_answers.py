"""Answers that are lost, or that nobody lives to hear, to what lets somebody in.

Whoever was let in and loses their access before the next try is disabled all the same.
"""

from __future__ import annotations

import pytest
from test_interruptions import Killed, dies_at, restarted

from entrasim.errors import AnswerLostError, TransientTargetError
from entrasim.model.job import RestartScope


def lose_answers(story):
    story.target.lose_answer = lambda call, _: (
        TransientTargetError("time-out") if call == "update" else None
    )


def hear_again(story):
    story.target.lose_answer = lambda _call, _subject: None


def leave(story, name, *, by):
    if by == "unassigned":
        story.unassign(name)
    else:
        story.change(name, accountEnabled=False)


def come_back(story, name, *, by):
    if by == "unassigned":
        story.assign(name)
    else:
        story.change(name, accountEnabled=True)


@pytest.fixture
async def story(story):
    """Ada is employed, and so is Grace, lest the directory be empty."""
    story.employ("grace")
    story.employ("ada")
    await story.cycle()
    return story


@pytest.mark.parametrize("by", ["unassigned", "disabled"])
async def test_answer_lost_to_an_enable_does_not_keep_whoever_leaves_again_active(story, by):
    leave(story, "ada", by=by)
    await story.cycle()
    come_back(story, "ada", by=by)
    lose_answers(story)
    await story.cycle()
    let_in = story.employee("ada")["active"]

    hear_again(story)
    leave(story, "ada", by=by)
    execution = await story.cycle()

    assert let_in is True
    assert story.employee("ada")["active"] is False
    assert execution.counts.disabled == 1


async def test_killed_at_an_enable_whoever_leaves_again_is_disabled(story):
    story.configure(concurrency=1)
    story.unassign("ada")
    await story.cycle()
    story.assign("ada")
    story.target.lose_answer = dies_at("update", story.target_id("ada"))
    with pytest.raises(Killed):
        await story.cycle()

    await restarted(story)
    story.unassign("ada")
    await story.cycle()

    assert story.employee("ada")["active"] is False


async def test_killed_at_an_enable_the_next_cycle_brings_whoever_stays_up_to_date(story):
    story.configure(concurrency=1)
    story.unassign("ada")
    await story.cycle()
    story.assign("ada")
    story.change("ada", jobTitle="Lead")
    story.target.fault = dies_at("update", story.target_id("ada"))
    with pytest.raises(Killed):
        await story.cycle()

    await restarted(story)
    execution = await story.cycle()

    assert execution.counts.enabled == 1
    assert (story.employee("ada")["active"], story.employee("ada")["title"]) == (True, "Lead")


async def test_answer_lost_to_whoever_was_matched_and_let_in_does_not_keep_them_active(story):
    story.employee("ada")["active"] = False
    await story.restart(RestartScope.CONNECTOR_DATA_STORE)
    lose_answers(story)
    await story.cycle()
    let_in = story.employee("ada")["active"]

    hear_again(story)
    story.unassign("ada")
    await story.cycle()

    assert let_in is True
    assert story.employee("ada")["active"] is False


def lose_the_create_of(story, name):
    """Let somebody be created, and nobody hear of it."""
    story.employ(name)
    story.target.lose_answer = lambda call, _: (
        AnswerLostError("reset") if call == "create" else None
    )


async def test_answer_lost_to_a_create_is_settled_though_the_mail_changes(story):
    lose_the_create_of(story, "bob")
    await story.cycle()

    hear_again(story)
    story.change("bob", mail="robert@contoso.com")
    execution = await story.cycle()

    names = {values["userName"] for values in story.target.objects.values()}
    assert execution.counts.created == 0
    assert names == {"grace@contoso.com", "ada@contoso.com", "robert@contoso.com"}


async def test_nobody_is_created_while_it_is_open_whether_they_are_there(story):
    lose_the_create_of(story, "bob")
    await story.cycle()

    hear_again(story)
    story.change("bob", mail="robert@contoso.com")
    busy = TransientTargetError("503")
    story.target.fault = lambda call, who: (
        busy if (call, who) == ("find", "bob@contoso.com") else None
    )
    execution = await story.cycle()

    assert (execution.counts.created, execution.counts.escrowed) == (0, 1)
    assert story.target.writes == []
