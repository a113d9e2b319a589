"""By what somebody is recognised, and how values are compared."""

from __future__ import annotations

from entrasim.errors import TargetError
from entrasim.model.decision import AttributeChange

BADGE = "urn:ietf:params:scim:schemas:extension:contoso:2.0:User:badge"


def asked(story):
    return [value for call, value in story.target.calls if call == "find"]


async def test_matching_attributes_are_asked_by_priority_until_one_is_found(story):
    story.map("externalId", "[employeeId]", matching_priority=3)
    story.map(BADGE, "[badge]", matching_priority=2)
    story.target.objects["old"] = {"userName": "old", BADGE: "b1", "externalId": "e1"}
    story.employ("ada", employeeId="e1", badge="b1")

    await story.cycle()

    assert asked(story) == ["ada@contoso.com", "b1"]
    assert story.target.objects["old"]["userName"] == "ada@contoso.com"


async def test_first_hit_wins_over_a_later_one(story):
    story.map("externalId", "[employeeId]", matching_priority=2)
    story.target.objects["mail"] = {"userName": "ada@contoso.com"}
    story.target.objects["badge"] = {"userName": "other", "externalId": "e1"}
    story.employ("ada", employeeId="e1")

    await story.cycle()

    assert asked(story) == ["ada@contoso.com"]
    assert (await story.connection("ada")).target_anchor == "mail"


async def test_user_whom_no_attribute_finds_is_created(story):
    story.map("externalId", "[employeeId]", matching_priority=2)
    story.employ("ada", employeeId="e1")

    await story.cycle()

    (record,) = await story.log("ada@contoso.com")
    told = next(s.description for s in record.steps if s.step == "matching")
    assert asked(story) == ["ada@contoso.com", "e1"]
    assert told == 'Nobody in the target has userName "ada@contoso.com" or externalId "e1"'
    assert story.employee("ada")["externalId"] == "e1"


async def test_empty_matching_attribute_is_passed_over_while_another_has_a_value(story):
    story.map("externalId", "[employeeId]", matching_priority=2)
    story.target.objects["old"] = {"externalId": "e1"}
    story.employ("ada", mail=None, employeeId="e1")

    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert asked(story) == ["e1"]
    assert (await story.connection("ada")).matching_attribute == "externalId"


async def test_user_without_any_matching_value_is_told_which_are_wanted(story):
    story.map("externalId", "[employeeId]", matching_priority=2)
    story.employ("ada", mail=None)

    execution = await story.cycle()

    (record,) = await story.log("ada")
    assert execution.counts.escrowed == 1
    assert asked(story) == []
    assert record.error_code == "MissingValues"
    assert "userName ← [mail], externalId ← [employeeId]" in str(record.error_message)


async def test_linked_user_is_read_by_id_and_never_matched_again(story):
    story.map("externalId", "[employeeId]", matching_priority=2)
    story.employ("ada", employeeId="e1")
    await story.cycle()

    story.change("ada", mail="countess@contoso.com", employeeId="e2")
    await story.cycle()

    assert asked(story) == []
    assert [call for call, _ in story.target.writes] == ["update"]


async def test_case_that_does_not_count_makes_no_difference(story):
    story.map("title", "[jobTitle]")
    story.target.objects["old"] = {"userName": "ada@contoso.com", "title": "ENGINEER"}
    story.employ("ada", jobTitle="Engineer")

    await story.cycle()

    assert story.target.objects["old"]["title"] == "ENGINEER"


async def test_case_that_counts_is_a_change(story):
    story.map("title", "[jobTitle]", case_exact=True)
    story.employ("ada", jobTitle="Engineer")
    await story.cycle()

    story.change("ada", jobTitle="ENGINEER")
    await story.cycle()

    [(_, changes)] = story.target.changes
    assert changes == (AttributeChange(attribute="title", before="Engineer", after="ENGINEER"),)


async def test_somebody_of_another_case_is_somebody_else_where_case_counts(story):
    story.map("externalId", "[employeeId]", matching_priority=1, case_exact=True)
    story.unmap("userName")
    story.target.unique = "nothing"
    story.target.objects["a"] = {"externalId": "AB1"}
    story.target.objects["b"] = {"externalId": "ab1"}
    story.employ("ada", employeeId="ab1")

    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert (await story.connection("ada")).target_anchor == "b"


async def test_several_of_another_case_are_several_where_case_does_not_count(story):
    story.target.objects["a"] = {"userName": "ADA@contoso.com"}
    story.target.objects["b"] = {"userName": "Ada@Contoso.com"}
    story.employ("ada")

    await story.cycle()

    (record,) = await story.log("ada")
    assert record.error_code == "DuplicateTargetEntries"
    assert "(a, b)" in str(record.error_message)


async def test_newcomers_who_differ_in_case_alone_are_two_where_case_counts(story):
    story.map("userName", "[mail]", matching_priority=1, case_exact=True)
    story.target.unique = "externalId"
    story.employ("ada")
    story.employ("ida", mail="ADA@contoso.com")

    execution = await story.cycle()

    assert execution.counts.created == 2


async def test_failed_search_fails_the_user_and_asks_no_further(story):
    story.map("externalId", "[employeeId]", matching_priority=2)
    story.target.fault = lambda call, value: (
        TargetError("no such filter") if (call, value) == ("find", "ada@contoso.com") else None
    )
    story.employ("ada", employeeId="e1")
    story.employ("bob", employeeId="e2")

    execution = await story.cycle()

    assert (execution.counts.created, execution.counts.escrowed) == (1, 1)
    assert "e1" not in asked(story)
