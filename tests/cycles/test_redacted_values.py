"""Redact: the value reaches the target, and no text that anybody reads."""

from __future__ import annotations

import pytest
from msgspec import json

from entrasim.errors import ConflictError, TargetError
from entrasim.model.decision import REDACTED, AttributeChange

SECRET = "s3cret+Salary 5000"
PAY = "urn:ietf:params:scim:schemas:extension:contoso:2.0:User:pay"


async def written(story):
    """Everything that the log and the store's notes of failures say."""
    space = await story.store.connector_space("engagedly")
    return json.encode((await story.log(), space.escrows)).decode()


async def test_redacted_value_is_sent_and_logged_as_redacted(story):
    story.map(PAY, "Redact([pay])")
    story.employ("ada", pay=SECRET)

    await story.cycle()

    (record,) = await story.log("ada@contoso.com")
    (logged,) = [c for c in record.changes if c.attribute == PAY]
    assert story.employee("ada")[PAY] == SECRET
    assert (logged.before, logged.after) == (None, REDACTED)
    assert SECRET not in await written(story)


async def test_redacted_change_shows_neither_the_old_nor_the_new_value(story):
    story.map(PAY, "Redact([pay])")
    story.employ("ada", pay="old " + SECRET)
    await story.cycle()

    story.change("ada", pay=SECRET)
    await story.cycle()

    (*_, record) = await story.log("ada@contoso.com")
    (logged,) = record.changes
    assert story.employee("ada")[PAY] == SECRET
    assert (logged.before, logged.after) == (REDACTED, REDACTED)
    assert SECRET not in await written(story)


async def test_redacted_value_that_did_not_change_is_not_sent_again(story):
    story.map(PAY, "Redact([pay])")
    story.employ("ada", pay=SECRET)
    await story.cycle()

    await story.cycle(full=True)

    assert story.target.writes == []


@pytest.mark.parametrize("expression", ['Append(Redact([pay]), "!")', "Redact(ToUpper([pay]))"])
async def test_redacted_part_redacts_the_whole(story, expression):
    story.map(PAY, expression)
    story.employ("ada", pay=SECRET)

    await story.cycle()

    assert SECRET.casefold() in str(story.employee("ada")[PAY]).casefold()
    assert SECRET.casefold() not in (await written(story)).casefold()


async def test_plan_does_not_hold_what_is_redacted(story):
    story.map(PAY, "Redact([pay])")
    story.employ("ada", pay=SECRET)

    _, (outcome,) = await story.plan()

    (change,) = [c for c in outcome.decision.changes if c.attribute == PAY]
    hidden = AttributeChange(attribute=PAY, before=None, after=REDACTED, redacted=True)
    assert change == hidden
    assert SECRET not in json.encode((outcome.verdicts, outcome.decision)).decode()


async def test_redacted_expression_that_fails_does_not_show_its_value(story):
    story.map(PAY, "Redact(CBool([pay]))")
    story.employ("ada", pay=SECRET)

    await story.cycle()

    (record,) = await story.log("ada@contoso.com")
    assert record.error_message.startswith(f"{PAY}: fails ({REDACTED}) (tried")
    assert SECRET not in await written(story)


async def test_redacted_matching_value_is_not_told(story):
    story.map(PAY, "Redact([pay])", matching_priority=2)
    story.target.objects["old"] = {PAY: SECRET}
    story.employ("ada", mail=None, pay=SECRET)
    story.employ("bob", pay="other " + SECRET)

    await story.cycle()

    assert (await story.connection("ada")).target_anchor == "old"
    assert SECRET not in await written(story)


@pytest.mark.parametrize(
    ("call", "held"), [("create", {}), ("find", {}), ("update", {"userName": "ada@contoso.com"})]
)
async def test_target_that_quotes_a_redacted_value_is_not_quoted(story, call, held):
    story.map(PAY, "Redact([pay])", matching_priority=2)
    story.target.objects["old"] = held
    story.employ("ada", pay=SECRET)
    error = ConflictError(f"POST {SECRET.upper()}, filter=eq+s3cret%2bsalary+5000")
    story.target.fault = lambda called, _: error if called == call else None

    await story.cycle()

    (record,) = await story.log("ada@contoso.com")
    assert record.error_message.startswith(f"POST {REDACTED}, filter=eq+{REDACTED} (tried")
    assert SECRET.casefold() not in (await written(story)).casefold()


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ('pa"ss\\word', r"filter=userName+eq+%22pa%5c%22ss%5c%5cword%22"),
        ('pa"ss\\word', r'{"detail": "bad value pa\"ss\\word"}'),
        ("Bjørn Ås", r'{"detail": "bad value Bj\u00f8rn \u00c5s"}'),
        ("a+b(c)!", "filter=userName+eq+%22a%2bb(c)!%22"),
        ("1234567890", "bad value 12345678"),
    ],
)
async def test_redacted_value_is_hidden_however_it_is_spelled(story, value, quoted):
    story.map(PAY, "Redact([pay])")
    story.employ("ada", pay=value)
    error = TargetError(quoted)
    story.target.fault = lambda called, _: error if called == "create" else None

    await story.cycle()

    (record,) = await story.log("ada@contoso.com")
    hidden = record.error_message
    assert REDACTED in hidden
    assert all(part not in hidden for part in (value, "word", "Bj", "a%2bb", "1234"))


@pytest.mark.parametrize(
    ("quoted", "told"),
    [
        ("filter=grade+eq+%22M%22: some message", "filter=grade+eq+%22[Redact]%22: some message"),
        ('{"grade": "m", "member": "M."}', '{"grade": "[Redact]", "member": "[Redact]."}'),
    ],
)
async def test_short_redacted_value_is_hidden_and_leaves_words_that_contain_it(story, quoted, told):
    story.map(PAY, "Redact([pay])")
    story.employ("ada", pay="M")
    story.target.fault = lambda call, _: TargetError(quoted) if call == "create" else None

    await story.cycle()

    (record,) = await story.log("ada@contoso.com")
    assert record.error_message.partition(" (tried")[0] == told


async def test_redacted_value_that_is_part_of_the_mark_does_not_break_it(story):
    story.map(PAY, "Redact([pay])")
    story.map("nickName", "Redact([mood])")
    story.employ("ada", pay=SECRET, mood="redact")
    error = TargetError(f"neither {SECRET} nor redact")
    story.target.fault = lambda call, _: error if call == "create" else None

    await story.cycle()

    (record,) = await story.log("ada@contoso.com")
    assert record.error_message.partition(" (tried")[0] == f"neither {REDACTED} nor {REDACTED}"


async def test_two_newcomers_of_one_redacted_value_are_told_apart_without_it(story):
    story.unmap("userName")
    story.map(PAY, "Redact([pay])", matching_priority=1)
    story.employ("ada", pay=SECRET)
    story.employ("bob", pay=SECRET)

    execution = await story.cycle()

    (record,) = [r for r in await story.log() if r.error_code == "DuplicateSourceEntries"]
    assert execution.counts.escrowed == 1
    assert f'{PAY} "{REDACTED}" already belongs to ada@contoso.com' in record.error_message
    assert SECRET.casefold() not in (await written(story)).casefold()


async def test_failure_that_has_nothing_to_hide_is_quoted_as_it_is(story):
    story.map(PAY, "Redact([pay])")
    story.employ("ada", pay=SECRET)
    story.target.fault = lambda call, _: TargetError("pay day") if call == "create" else None

    await story.cycle()

    (record,) = await story.log("ada@contoso.com")
    assert record.error_message.startswith("pay day (tried")
