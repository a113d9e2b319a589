"""Recognising people: by matching once, by id ever after, and never two for one."""

from __future__ import annotations

from story import MANAGER

from entrasim.errors import TargetError
from entrasim.ports import TargetResource
from entrasim.testing.memory import MemoryTarget


async def test_existing_person_is_matched_without_regard_to_case_and_updated(story):
    story.target.objects["old"] = {"userName": "ADA@contoso.com", "active": True}
    story.employ("ada", jobTitle="Engineer")

    execution = await story.cycle()

    assert execution.counts.created == 0
    assert story.target.objects["old"]["title"] == "Engineer"
    assert story.target.objects["old"]["userName"] == "ADA@contoso.com"


async def test_user_without_a_matching_value_fails_and_the_others_go_on(story):
    story.employ("ada", mail=None)
    story.employ("grace")

    execution = await story.cycle()

    assert execution.state == "EntryLevelErrors"
    assert (execution.counts.created, execution.counts.escrowed) == (1, 1)
    (record,) = await story.log("ada")
    assert record.error_code == "MissingValues"
    assert "userName" in record.error_message


async def test_linked_user_who_loses_their_mail_is_still_brought_up_to_date(story):
    story.employ("ada")
    await story.cycle()

    story.change("ada", mail=None, jobTitle="Lead")
    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert story.employee("ada")["title"] == "Lead"
    assert (await story.connection("ada")).matching_value == "ada@contoso.com"


async def test_several_matches_are_an_error_and_nobody_is_touched(story):
    for target_id in ("a", "b"):
        story.target.objects[target_id] = {"userName": "ada@contoso.com"}
    story.employ("ada")

    await story.cycle()

    assert story.target.writes == []
    (record,) = await story.log("ada")
    assert record.error_code == "DuplicateTargetEntries"


async def test_two_newcomers_with_one_mail_make_one_employee(story):
    story.employ("ada")
    story.employ("ida", mail="ada@contoso.com")

    execution = await story.cycle()

    assert (execution.counts.created, execution.counts.escrowed) == (1, 1)
    (record,) = await story.log("ida")
    assert record.error_code == "DuplicateSourceEntries"
    assert "ada@contoso.com" in record.error_message


async def test_newcomer_with_a_colleagues_mail_does_not_take_their_record(story):
    story.employ("ada", jobTitle="Engineer")
    await story.cycle()

    story.employ("ida", mail="ada@contoso.com", jobTitle="Thief")
    execution = await story.cycle()

    assert execution.counts.escrowed == 1
    assert story.employee("ada")["title"] == "Engineer"


async def test_failed_object_is_tried_again_in_the_next_cycle_once_it_changed(story):
    story.employ("ada", mail=None)
    story.employ("grace")
    await story.cycle()

    story.change("ada", mail="ada@contoso.com")
    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert story.employee("ada")["active"] is True
    assert (await story.store.connector_space("engagedly")).escrows == ()


async def test_object_that_the_target_refused_is_tried_again_without_a_change(story):
    story.employ("ada")
    story.target.fault = lambda call, _: TargetError("no") if call == "create" else None
    refused = await story.cycle()

    story.target.fault = lambda _call, _subject: None
    story.wait(hours=6)
    execution = await story.cycle()

    assert refused.counts.escrowed == 1
    assert execution.counts.created == 1


async def test_escrow_counts_attempts_and_keeps_the_first_failure(story):
    story.employ("ada", mail=None)
    story.employ("grace")
    await story.cycle()
    first = story.clock.now()

    story.wait(hours=6)
    await story.cycle()

    (escrow,) = (await story.store.connector_space("engagedly")).escrows
    assert (escrow.attempts, escrow.first_failed_at) == (2, first)


async def test_record_that_vanished_from_the_target_is_created_anew(story):
    story.employ("ada")
    await story.cycle()
    story.target.objects.clear()

    story.change("ada", jobTitle="Lead")
    execution = await story.cycle()

    assert execution.counts.created == 1
    assert (await story.connection("ada")).target_anchor == "t2"


async def test_record_that_got_another_id_is_matched_again(story):
    story.employ("ada")
    await story.cycle()
    story.target.objects["moved"] = story.target.objects.pop("t1")

    story.change("ada", jobTitle="Lead")
    await story.cycle()

    assert story.target.objects["moved"]["title"] == "Lead"
    assert (await story.connection("ada")).target_anchor == "moved"


async def test_leaver_whose_record_got_another_id_is_disabled_there(story):
    story.employ("ada")
    await story.cycle()
    story.target.objects["moved"] = story.target.objects.pop("t1")

    story.unassign("ada")
    execution = await story.cycle()

    assert execution.counts.disabled == 1
    assert story.target.objects["moved"]["active"] is False


async def test_rehire_with_a_new_object_id_takes_the_old_record_over(story):
    story.employ("ada", jobTitle="Engineer")
    await story.cycle()
    story.unassign("ada")
    await story.cycle()

    story.employ("ada2", mail="ada@contoso.com", jobTitle="Lead")
    execution = await story.cycle()

    assert execution.counts.enabled == 1
    assert len(story.target.objects) == 1
    assert (story.employee("ada")["externalId"], story.employee("ada")["active"]) == ("ada2", True)
    space = await story.store.connector_space("engagedly")
    assert [c.source_anchor.id for c in space.connections] == ["ada2"]


async def test_predecessor_of_a_rehire_does_not_disturb_them_any_more(story):
    story.employ("ada")
    await story.cycle()
    story.unassign("ada")
    await story.cycle()
    story.employ("ada2", mail="ada@contoso.com")
    await story.cycle()

    story.purge("ada")
    await story.cycle()

    assert story.target.writes == []
    assert story.employee("ada")["active"] is True


async def test_rehire_of_somebody_in_the_recycle_bin_waits_until_they_are_purged(story):
    story.employ("ada")
    await story.cycle()
    story.soft_delete("ada")
    story.employ("ada2", mail="ada@contoso.com")

    waiting = await story.cycle()
    story.purge("ada")
    rehired = await story.cycle()

    assert waiting.counts.escrowed == 1
    assert (rehired.counts.deleted, rehired.counts.created) == (1, 1)
    assert story.employee("ada")["externalId"] == "ada2"


async def test_name_freed_by_a_rename_can_be_taken_in_the_same_cycle(story):
    story.employ("ada", mail="x@contoso.com")
    await story.cycle()

    story.change("ada", mail="y@contoso.com")
    story.employ("bea", mail="x@contoso.com")
    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert story.employee("y")["displayName"] == "Ada"
    assert story.employee("x")["displayName"] == "Bea"


async def test_chain_of_renames_among_linked_people_works_in_one_cycle(story):
    story.employ("cleo", mail="c@contoso.com")
    story.employ("bea", mail="b@contoso.com")
    story.employ("ada", mail="a@contoso.com")
    await story.cycle()

    story.change("cleo", mail="b@contoso.com")
    story.change("bea", mail="a@contoso.com")
    story.change("ada", mail="z@contoso.com")
    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert {v["displayName"]: v["userName"][0] for v in story.target.objects.values()} == {
        "Cleo": "b",
        "Bea": "a",
        "Ada": "z",
    }


async def test_people_under_the_same_ids_at_a_new_tenant_url_are_not_touched(story):
    story.employ("ada")
    story.employ("grace")
    await story.cycle()
    strangers = {
        "t1": {"userName": "sam@fabrikam.com", "active": True},
        "t2": {"userName": "pat@fabrikam.com", "active": True},
    }
    story.target.objects = {target_id: dict(values) for target_id, values in strangers.items()}
    story.configure(target_url="https://elsewhere.example/scim")

    story.change("ada", jobTitle="Lead")
    story.purge("grace")
    await story.cycle()

    assert {i: story.target.objects[i] for i in strangers} == strangers
    assert story.employee("ada")["title"] == "Lead"
    assert (await story.connection("ada")).target_url == "https://elsewhere.example/scim"


async def test_manager_is_verified_at_a_new_tenant_url_before_a_report_points_to_them(story):
    story.employ("boss")
    story.employ("ada", manager="boss")
    await story.cycle()
    story.target.objects = {"t1": {"userName": "stranger@fabrikam.com"}}
    story.configure(target_url="https://elsewhere.example/scim")

    story.change("ada", jobTitle="Lead")
    await story.cycle()

    boss = story.target_id("boss")
    assert boss != "t1"
    manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"
    assert story.employee("ada")[manager] == boss


async def test_manager_who_cant_be_verified_is_nobodys_manager_at_a_new_tenant_url(story):
    story.employ("boss")
    story.employ("ada")
    await story.cycle()
    story.target.objects["t1"] = {"userName": "stranger@fabrikam.com"}
    story.configure(target_url="https://elsewhere.example/scim")

    story.set_manager("ada", "boss")
    story.target.fault = lambda call, who: (
        TargetError("busy") if (call, who) == ("read", "t1") else None
    )
    await story.cycle()
    unresolved = dict(story.employee("ada"))
    story.target.fault = lambda _call, _subject: None
    story.wait(hours=6)
    await story.cycle()

    assert MANAGER not in unresolved
    assert story.employee("ada")[MANAGER] == story.target_id("boss")


async def test_failed_object_is_still_tried_again_at_a_new_tenant_url(story):
    story.employ("ada")
    await story.cycle()
    story.change("ada", jobTitle="Lead")
    story.target.fault = lambda call, _: TargetError("no") if call == "update" else None
    await story.cycle()

    story.target.fault = lambda _call, _subject: None
    story.configure(target_url="https://elsewhere.example/scim")
    story.wait(hours=6)
    await story.cycle()

    assert story.employee("ada")["title"] == "Lead"


async def test_same_people_at_a_new_tenant_url_are_found_under_their_ids(story):
    story.employ("ada")
    await story.cycle()
    story.configure(target_url="https://elsewhere.example/scim")

    story.change("ada", jobTitle="Lead")
    execution = await story.cycle()

    assert (execution.counts.updated, execution.counts.created) == (1, 0)


class DeafTarget(MemoryTarget):
    """Answers every search with the same person."""

    async def find(self, object_type, attribute, value):
        del object_type, attribute, value
        return (TargetResource("other", {"userName": "other@contoso.com"}),)


async def test_target_that_ignores_the_filter_changes_nobody(story):
    story.target = DeafTarget()
    story.employ("ada")

    await story.cycle()

    assert story.target.writes == []
    (record,) = await story.log("ada")
    assert record.error_code == "SystemForCrossDomainIdentityManagementServiceIncompatible"
