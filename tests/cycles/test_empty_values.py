"""What is sent where the source has nothing: defaults, constants, empty conditions."""

from __future__ import annotations

import pytest

from entrasim.model.decision import AttributeChange
from entrasim.model.schema import AttributeType, EmptyCondition, FlowType, NullSource

ROOM = 'addresses[type eq "work"].formatted'
WHEN_EMPTY = 'IIF([city]="Rome", "IT", "elsewhere")'


async def test_default_value_stands_in_when_somebody_is_created(story):
    story.map("title", "[jobTitle]", default_value="Colleague")
    story.employ("ada")
    story.employ("bob", jobTitle="Engineer")

    await story.cycle()

    assert story.employee("ada")["title"] == "Colleague"
    assert story.employee("bob")["title"] == "Engineer"


async def test_default_value_is_not_sent_to_somebody_who_is_there(story):
    story.target.objects["old"] = {"userName": "ada@contoso.com"}
    story.map("title", "[jobTitle]", default_value="Colleague")
    story.employ("ada")

    await story.cycle()

    assert "title" not in story.target.objects["old"]


async def test_default_value_does_not_come_back_when_a_value_is_lost(story):
    story.map("title", "[jobTitle]", default_value="Colleague")
    story.employ("ada", jobTitle="Engineer")
    await story.cycle()

    story.change("ada", jobTitle=None, department="R&D")
    await story.cycle()

    assert story.employee("ada")["title"] == "Engineer"


async def test_default_value_gets_the_target_attributes_type(story):
    story.map("vip", "[vip]", kind=AttributeType.BOOLEAN, default_value="True")
    story.map("floor", "[floor]", kind=AttributeType.INTEGER, default_value="3")
    story.employ("ada")

    await story.cycle()

    assert story.employee("ada")["vip"] is True
    assert story.employee("ada")["floor"] == 3


async def test_default_value_of_the_wrong_type_fails_in_words(story):
    story.map("floor", "[floor]", kind=AttributeType.INTEGER, default_value="third")
    story.employ("ada")

    await story.cycle()

    (record,) = await story.log("ada")
    assert record.error_code == "InvalidValue"
    assert record.error_message.startswith(
        "floor: is of type Integer, but [floor] gives 'third' (tried"
    )


async def test_default_value_is_nothing_to_be_recognised_by(story):
    story.map("userName", "[mail]", default_value="nobody@contoso.com", matching_priority=1)
    story.employ("ada", mail=None)

    execution = await story.cycle()

    assert execution.counts.escrowed == 1
    assert story.target.calls == [("probe", "User")]


async def test_empty_attribute_is_left_out_of_a_new_object(story):
    story.employ("ada", city="")

    await story.cycle()

    assert 'addresses[type eq "work"].locality' not in story.employee("ada")


async def test_value_that_is_gone_from_the_source_stays_in_the_target(story):
    story.employ("ada", jobTitle="Engineer", city="Rome")
    await story.cycle()

    story.change("ada", jobTitle=None, city="")
    await story.cycle()

    assert [call for call, _ in story.target.writes] == []
    assert story.employee("ada")["title"] == "Engineer"


async def test_constant_is_sent_to_newcomers_and_put_right_in_others(story):
    story.target.objects["old"] = {"userName": "bob@contoso.com", "title": "Boss"}
    story.map("title", '"Colleague"')
    story.employ("ada")
    story.employ("bob")

    await story.cycle()

    assert story.employee("ada")["title"] == "Colleague"
    assert story.employee("bob")["title"] == "Colleague"


async def test_mapping_without_a_source_is_a_constant_that_always_flows(story):
    story.target.objects["old"] = {"userName": "bob@contoso.com", "title": "Boss"}
    story.map("title", None, default_value="Colleague")
    story.employ("ada")
    story.employ("bob")

    await story.cycle()

    assert story.employee("ada")["title"] == "Colleague"
    assert story.employee("bob")["title"] == "Colleague"


async def test_mapping_without_a_source_can_be_read_as_kind_none(story):
    story.target.objects["b"] = {"userName": "bob@contoso.com", "title": "Boss"}
    story.target.objects["c"] = {"userName": "cem@contoso.com"}
    story.map("title", None, default_value="Colleague")
    story.understand(null_source=NullSource.WHILE_EMPTY)
    for name in ("ada", "bob", "cem"):
        story.employ(name)

    await story.cycle()

    titles = [story.employee(name)["title"] for name in ("ada", "bob", "cem")]
    assert titles == ["Colleague", "Boss", "Colleague"]


async def test_kind_none_leaves_a_mapping_for_creation_only_to_creation(story):
    story.target.objects["old"] = {"userName": "ada@contoso.com"}
    story.map("title", None, default_value="Colleague", flow_type=FlowType.OBJECT_ADD_ONLY)
    story.understand(null_source=NullSource.WHILE_EMPTY)
    story.employ("ada")

    await story.cycle()

    assert "title" not in story.employee("ada")


async def test_kind_none_fills_the_gap_of_somebody_linked(story):
    story.employ("ada")
    await story.cycle()

    story.map("title", None, default_value="Colleague")
    story.understand(null_source=NullSource.WHILE_EMPTY)
    await story.cycle()

    [(_, changes)] = story.target.changes
    assert changes == (AttributeChange(attribute="title", before=None, after="Colleague"),)


async def test_mapping_without_source_and_default_sends_nothing(story):
    story.target.objects["old"] = {"userName": "ada@contoso.com", "title": "Boss"}
    story.map("title", None)
    story.employ("ada")

    await story.cycle()

    assert story.employee("ada")["title"] == "Boss"


async def test_condition_on_an_empty_attribute_sends_nothing(story):
    story.map(ROOM, WHEN_EMPTY)
    story.employ("ada")
    story.employ("bob", city="Rome")

    await story.cycle()

    assert ROOM not in story.employee("ada")
    assert story.employee("bob")[ROOM] == "IT"


async def test_condition_on_an_empty_attribute_can_be_read_as_false(story):
    story.map(ROOM, WHEN_EMPTY)
    story.understand(empty_condition=EmptyCondition.FALSE)
    story.employ("ada")

    await story.cycle()

    assert story.employee("ada")[ROOM] == "elsewhere"


async def test_condition_on_an_empty_attribute_can_fail_its_user(story):
    story.map(ROOM, WHEN_EMPTY)
    story.understand(empty_condition=EmptyCondition.ERROR)
    story.employ("ada")
    story.employ("bob", city="Rome")

    execution = await story.cycle()

    (record,) = await story.log("ada@contoso.com")
    assert (execution.counts.created, execution.counts.escrowed) == (1, 1)
    assert record.error_code == "ExpressionFailed"
    assert "city is empty" in str(record.error_message)


@pytest.mark.parametrize("nothing", [None, ""])
async def test_default_value_also_stands_in_for_an_expression_that_gives_nothing(story, nothing):
    story.map(ROOM, WHEN_EMPTY, default_value="unknown")
    story.employ("ada", city=nothing)

    await story.cycle()

    assert story.employee("ada")[ROOM] == "unknown"
