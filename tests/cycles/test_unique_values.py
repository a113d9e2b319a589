"""SelectUniqueValue: of several candidates the first that nobody in the target has."""

from __future__ import annotations

import pytest

from entrasim.errors import ConflictError

ALIAS = "urn:ietf:params:scim:schemas:extension:contoso:2.0:User:alias"
EXPRESSION = 'SelectUniqueValue([givenName], Join(".", [givenName], [surname]), [employeeId])'


@pytest.fixture
def story(story):
    story.map(ALIAS, EXPRESSION)
    return story


def asked(story):
    return [value for call, value in story.target.calls if call == "find" and "@" not in value]


async def test_first_candidate_that_is_free_is_taken(story):
    story.employ("ada")

    await story.cycle()

    assert asked(story) == ["Ada"]
    assert story.employee("ada")[ALIAS] == "Ada"


async def test_candidate_that_somebody_in_the_target_has_is_passed_over(story):
    story.target.objects["other"] = {"userName": "other", ALIAS: "ADA"}
    story.employ("ada")

    await story.cycle()

    assert asked(story) == ["Ada", "Ada.Example"]
    assert story.employee("ada")[ALIAS] == "Ada.Example"


async def test_two_newcomers_of_one_cycle_do_not_get_the_same(story):
    story.employ("ada", givenName="Sam", employeeId="7")
    story.employ("bob", givenName="Sam", employeeId="8")
    story.employ("cem", givenName="Sam", employeeId="9")

    execution = await story.cycle()

    taken = [story.employee(name)[ALIAS] for name in ("ada", "bob", "cem")]
    assert execution.state == "Succeeded"
    assert taken == ["Sam", "Sam.Example", "9"]


async def test_empty_candidate_is_passed_over(story):
    story.target.objects["other"] = {"userName": "other", ALIAS: ".Example"}
    story.employ("ada", givenName=None, surname=None, employeeId="7")

    await story.cycle()

    assert story.employee("ada")[ALIAS] == "7"


async def test_user_without_a_free_candidate_is_escrowed_and_the_others_go_on(story):
    story.target.objects["a"] = {"userName": "a", ALIAS: "Ada"}
    story.target.objects["b"] = {"userName": "b", ALIAS: "Ada.Example"}
    story.employ("ada")
    story.employ("bob")

    execution = await story.cycle()

    (record,) = await story.log("ada@contoso.com")
    assert (execution.counts.created, execution.counts.escrowed) == (1, 1)
    assert record.error_code == "NoUniqueValue"
    assert f"{ALIAS}: all 2 candidates" in str(record.error_message)


async def test_user_without_a_free_candidate_is_created_once_there_is_one(story):
    story.target.objects["a"] = {"userName": "a", ALIAS: "Ada"}
    story.target.objects["b"] = {"userName": "b", ALIAS: "Ada.Example"}
    story.employ("ada")
    await story.cycle()

    del story.target.objects["b"]
    story.wait(hours=6)
    execution = await story.cycle()

    assert execution.counts.created == 1
    assert story.employee("ada")[ALIAS] == "Ada.Example"
    assert (await story.store.connector_space("engagedly")).escrows == ()


async def test_choice_is_not_made_again_when_the_user_changes(story):
    story.employ("ada")
    await story.cycle()

    story.change("ada", givenName="Augusta")
    await story.cycle()

    assert asked(story) == []
    assert story.employee("ada")[ALIAS] == "Ada"
    assert story.employee("ada")["name.givenName"] == "Augusta"


async def test_somebody_found_in_the_target_keeps_what_they_have_or_lack(story):
    story.target.objects["old"] = {"userName": "ada@contoso.com"}
    story.employ("ada")

    await story.cycle()

    assert asked(story) == []
    assert ALIAS not in story.target.objects["old"]


async def test_conflict_while_creating_is_tried_again_with_the_next_candidate(story):
    story.employ("ada")
    story.target.fault = lambda call, _: ConflictError("taken") if call == "create" else None
    await story.cycle()

    story.target.fault = lambda _call, _subject: None
    story.target.objects["other"] = {"userName": "other", ALIAS: "Ada"}
    story.wait(hours=6)
    await story.cycle()

    assert story.employee("ada")[ALIAS] == "Ada.Example"


async def test_plan_chooses_as_the_cycle_does(story):
    story.target.objects["other"] = {"userName": "other", ALIAS: "Sam"}
    story.employ("ada", givenName="Sam", employeeId="7")
    story.employ("bob", givenName="Sam", employeeId="8")

    _, outcomes = await story.plan()
    await story.cycle()

    planned = [c.after for o in outcomes for c in o.decision.changes if c.attribute == ALIAS]
    assert planned == ["Sam.Example", "8"]
    assert [story.employee(name)[ALIAS] for name in ("ada", "bob")] == planned


async def test_external_id_of_candidates_is_remembered_as_it_was_chosen(story):
    story.map("externalId", "SelectUniqueValue([givenName], [employeeId])")
    story.employ("ada", employeeId="7")
    await story.cycle()

    story.change("ada", jobTitle="Lead")
    await story.cycle()

    assert (await story.connection("ada")).external_id == "Ada"
