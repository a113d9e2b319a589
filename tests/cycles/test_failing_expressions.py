"""An expression that fails for somebody fails them alone, and says why."""

from __future__ import annotations

import pytest

from entrasim.model.schema import AttributeType

HIRED = "urn:ietf:params:scim:schemas:extension:contoso:2.0:User:hired"


@pytest.fixture
def story(story):
    story.map(HIRED, 'FormatDateTime([hired], , "yyyy-MM-dd", "yyyy")')
    return story


async def test_user_whose_expression_fails_is_escrowed_and_the_cycle_goes_on(story):
    story.employ("ada", hired="soon")
    story.employ("bob", hired="2024-02-29")

    execution = await story.cycle()

    (escrow,) = (await story.store.connector_space("engagedly")).escrows
    assert execution.state == "EntryLevelErrors"
    assert (execution.counts.created, execution.counts.escrowed) == (1, 1)
    assert story.employee("bob")[HIRED] == "2024"
    assert (escrow.source_anchor.id, escrow.error_code) == ("ada", "ExpressionFailed")


async def test_log_says_which_attribute_failed_and_why(story):
    story.employ("ada", hired="soon")

    await story.cycle()

    (record,) = await story.log("ada@contoso.com")
    assert record.status == "failure"
    assert record.error_code == "ExpressionFailed"
    assert record.error_message.startswith(f"{HIRED}: in FormatDateTime: ")
    assert '"soon"' in record.error_message


async def test_user_is_created_once_their_value_is_mended(story):
    story.employ("ada", hired="soon")
    await story.cycle()

    story.change("ada", hired="2024-02-29")
    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert story.employee("ada")[HIRED] == "2024"
    assert (await story.store.connector_space("engagedly")).escrows == ()


async def test_user_is_created_once_the_expression_is_mended(story):
    story.employ("ada", hired="soon")
    await story.cycle()

    story.map(HIRED, "[hired]")
    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert story.employee("ada")[HIRED] == "soon"


async def test_user_who_goes_on_failing_is_tried_again_and_again(story):
    story.employ("ada", hired="soon")

    for _ in range(3):
        story.wait(hours=6)
        execution = await story.cycle()

    (escrow,) = (await story.store.connector_space("engagedly")).escrows
    assert execution.counts.escrowed == 1
    assert escrow.attempts == 3


async def test_linked_user_whose_expression_fails_is_left_as_they_are(story):
    story.employ("ada", hired="2024-02-29")
    await story.cycle()

    story.change("ada", hired="soon", jobTitle="Lead")
    execution = await story.cycle()

    assert execution.counts.escrowed == 1
    assert story.target.writes == []
    assert "title" not in story.employee("ada")


async def test_user_whose_expression_fails_can_still_leave(story):
    story.employ("ada", hired="2024-02-29")
    story.employ("bob")
    await story.cycle()

    story.change("ada", hired="soon")
    story.unassign("ada")
    execution = await story.cycle()

    assert execution.counts.disabled == 1
    assert story.employee("ada")["active"] is False


@pytest.mark.parametrize("value", ["tall", True])
async def test_value_of_another_type_fails_with_what_is_wanted(story, value):
    story.map("floor", "[floor]", kind=AttributeType.INTEGER)
    story.employ("ada", floor=value)

    await story.cycle()

    (record,) = await story.log("ada@contoso.com")
    assert record.error_code == "InvalidValue"
    assert record.error_message.startswith(
        f"floor: is of type Integer, but [floor] gives {value!r} (tried"
    )


async def test_long_value_of_another_type_is_quoted_by_its_beginning(story):
    story.map("floor", "[floor]", kind=AttributeType.INTEGER)
    story.employ("ada", floor="x" * 10_000)

    await story.cycle()

    (record,) = await story.log("ada@contoso.com")
    assert "xxx… (tried" in record.error_message
    assert len(record.error_message) < 200
