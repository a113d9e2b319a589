"""Kinds of object that lost their mapping: what is remembered of them hinders nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from test_escrows import escrows, refuse, relent

from entrasim.config import load_schema
from entrasim.errors import AnswerLostError
from entrasim.model.entry import ObjectType


@pytest.fixture
def story(story):
    """Ada is in Sales, and both are provisioned."""
    map_only(story, *ObjectType)
    story.employ("ada")
    story.group("Sales", "ada")
    story.assign("Sales")
    return story


def map_only(story, *kinds):
    schema = load_schema("scim", Path()).schema
    mappings = tuple(replace(m, enabled=m.object_type in kinds) for m in schema.mappings)
    changed = f"{schema.fingerprint} for {kinds}"
    story.configure(schema=replace(schema, mappings=mappings, fingerprint=changed))


async def test_interrupted_create_of_a_kind_waits_for_its_mapping(story):
    story.target.lose_answer = lambda call, who: (
        AnswerLostError("reset") if (call, who) == ("create", "Sales") else None
    )
    await story.cycle()
    story.target.lose_answer = lambda _call, _who: None

    map_only(story, ObjectType.USER)
    without = await story.cycle()
    map_only(story, *ObjectType)
    again = await story.cycle()

    assert (without.state, again.state) == ("Succeeded", "Succeeded")
    assert again.counts.created == 0
    assert story.members("Sales") == {"ada"}


async def test_group_without_a_mapping_is_not_told_of_a_member_who_arrives(story):
    story.configure(heal_references=True)
    await story.cycle()
    map_only(story, ObjectType.USER)
    story.employ("bob")
    story.group("Sales", "ada", "bob")

    execution = await story.cycle()

    assert (execution.state, execution.counts.created) == ("Succeeded", 1)
    assert story.members("Sales") == {"ada"}


async def test_member_without_a_mapping_is_not_verified_at_a_new_url(story):
    await story.cycle()
    map_only(story, ObjectType.GROUP)
    story.configure(target_url="https://elsewhere.example/scim")

    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert execution.requests == {"probe": 1, "read": 2}


async def test_healing_does_not_count_who_failed_before_without_a_mapping(story):
    refuse(story, "create", "Sales")
    await story.cycle()
    relent(story)
    map_only(story, ObjectType.USER)
    await story.cycle()
    story.employee("ada")["displayName"] = "Queen"

    healing = await story.heal()

    assert (healing.healed, healing.failed) == (1, ())
    assert [escrow.source_anchor.id for escrow in await escrows(story)] == ["Sales"]
