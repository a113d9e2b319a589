"""Who passes a scoping filter (define-conditional-rules-for-provisioning-user-accounts)."""

from __future__ import annotations

import pytest

from entrasim.model.cycle import CycleKind
from entrasim.model.decision import Create, Disable, Enable, Skip, StagedDelete, Step
from entrasim.model.job import RestartScope, Scope

SALES = 'department EQUALS "Sales"'
HOSTILE = 'jobTitle REGEX MATCH "(a|aa)+"'
SLOW = "a" * 60 + "!"


def scoping_of(outcome):
    (verdict,) = [v for v in outcome.verdicts if v.step is Step.SCOPING]
    return verdict


async def decisions(story):
    _, outcomes = await story.plan()
    return {outcome.anchor.id: outcome for outcome in outcomes}


async def test_initial_cycle_takes_only_those_who_pass(story):
    story.only_if(SALES)
    story.employ("ada", department="Sales")
    story.employ("bea", department="Engineering")
    story.employ("cleo")
    story.hire("outsider", department="Sales")

    execution = await story.cycle()

    assert story.target.writes == [("create", "ada@contoso.com")]
    assert (execution.counts.in_scope, execution.counts.skipped) == (1, 3)
    assert ("find", "bea@contoso.com") not in story.target.calls


async def test_log_names_the_clause_and_the_value_of_somebody_who_is_filtered_out(story):
    story.only_if([SALES, "employeeId IS NOT NULL"])
    story.employ("bea", department="Engineering")
    story.employ("cleo", department="Sales")

    await story.cycle()

    (bea,), (cleo,) = await story.log("bea"), await story.log("cleo")
    assert bea.error_message == 'Filtered out: department EQUALS "Sales" (is "Engineering")'
    assert bea.error_code == "NotEffectivelyEntitled"
    assert bea.steps[1].details == {
        "active in the source": "True",
        "assigned to the application": "True",
        SALES: 'is "Engineering"',
    }
    assert cleo.error_message == "Filtered out: employeeId IS NOT NULL (is empty)"


async def test_user_who_leaves_the_filter_is_disabled_not_deleted(story):
    story.only_if(SALES)
    story.employ("ada", department="Sales")
    await story.cycle()

    story.change("ada", department="Engineering", jobTitle="Lead")
    execution = await story.cycle()
    [(_, changes)] = story.target.changes
    again = await story.cycle()

    assert (execution.counts.disabled, again.counts.disabled) == (1, 0)
    assert [(c.attribute, c.after) for c in changes] == [("active", False)]
    assert story.employee("ada")["active"] is False
    assert (await story.connection("ada")).managed is False


async def test_user_who_comes_back_is_enabled_and_brought_up_to_date_in_one_patch(story):
    story.only_if(SALES)
    story.employ("ada", department="Sales")
    await story.cycle()
    story.change("ada", department="Engineering")
    await story.cycle()

    story.change("ada", department="Sales", jobTitle="Lead")
    execution = await story.cycle()

    assert execution.counts.enabled == 1
    [(_, changes)] = story.target.changes
    assert {c.attribute: c.after for c in changes} == {"active": True, "title": "Lead"}


async def test_one_of_several_filters_is_enough(story):
    story.only_if(SALES, ["department EQUALS Engineering", "accountEnabled IS TRUE"])
    story.employ("ada", department="Sales")
    story.employ("bea", department="Engineering")
    story.employ("cleo", department="Legal")

    execution = await story.cycle()

    assert execution.counts.created == 2
    (record,) = await story.log("cleo")
    assert record.error_message == (
        'Filtered out: department EQUALS "Sales" (is "Legal"); '
        'department EQUALS "Engineering" (is "Legal")'
    )


async def test_scope_all_is_narrowed_by_the_filter(story):
    story.configure(scope=Scope.ALL)
    story.only_if(SALES)
    story.hire("ada", department="Sales")
    story.hire("bea", department="Engineering")

    execution = await story.cycle()

    assert (execution.counts.created, execution.counts.skipped) == (1, 1)


async def test_new_filter_makes_the_next_cycle_an_initial_one_and_disables_who_fails_it(story):
    story.employ("ada", department="Sales")
    story.employ("bea", department="Engineering")
    await story.cycle()

    story.only_if(SALES)
    narrowed = await story.cycle()
    quiet = await story.cycle()
    story.only_if()
    widened = await story.cycle()

    assert (narrowed.cycle.kind, narrowed.counts.disabled) == (CycleKind.INITIAL, 1)
    assert (quiet.cycle.kind, quiet.counts.skipped) == (CycleKind.INCREMENTAL, 0)
    assert (widened.cycle.kind, widened.counts.enabled) == (CycleKind.INITIAL, 1)


async def test_user_assigned_later_is_asked_then(story):
    story.only_if(SALES)
    story.hire("ada", department="Sales")
    story.hire("bea", department="Engineering")
    await story.cycle()

    story.assign("ada")
    story.assign("bea")
    plan = await decisions(story)
    execution = await story.cycle()

    assert set(plan) == {"ada"}
    assert execution.counts.created == 1


async def test_member_of_a_group_is_asked_like_anybody(story):
    story.only_if(SALES)
    story.hire("ada", department="Sales")
    story.hire("bea", department="Engineering")
    story.group("Everybody", "ada", "bea", "nobody")
    story.assign("Everybody")

    await story.cycle()

    assert story.target.writes == [("create", "ada@contoso.com")]


async def test_group_that_is_filtered_out_still_entitles_its_members(story):
    story.only_if('displayName EQUALS "Other"', on="Group", schema="scim")
    story.hire("ada")
    story.group("Sales", "ada")
    story.assign("Sales")

    await story.cycle()

    assert story.target.writes == [("create", "ada@contoso.com")]


async def test_plan_shows_the_clause(story):
    story.only_if(SALES)
    story.employ("ada", department="Sales")
    await story.cycle()
    story.change("ada", department="Engineering")
    story.employ("bea", department="Legal")
    story.employ("cleo", department="Sales")

    plan = await decisions(story)

    kinds = {name: type(outcome.decision) for name, outcome in plan.items()}
    assert kinds == {"ada": Disable, "bea": Skip, "cleo": Create}
    assert plan["ada"].decision.reason == (
        'Filtered out: department EQUALS "Sales" (is "Engineering")'
    )
    assert scoping_of(plan["cleo"]).description == (
        "In scope: assigned directly, and passes the filter"
    )


async def test_provision_on_demand_asks_the_filter(story):
    story.only_if(SALES)
    story.employ("ada", department="Sales")

    (created,) = await story.on_demand("ada")
    story.change("ada", department="Engineering")
    (disabled,) = await story.on_demand("ada")
    story.change("ada", department="Sales")
    (enabled,) = await story.on_demand("ada")

    kinds = [type(outcome.decision) for outcome in (created, disabled, enabled)]
    assert kinds == [Create, Disable, Enable]
    assert scoping_of(disabled).details[SALES] == 'is "Engineering"'


async def test_provision_on_demand_of_somebody_filtered_out_creates_nobody(story):
    story.only_if(SALES)
    story.employ("bea", department="Engineering")

    (outcome,) = await story.on_demand("bea")
    execution = await story.cycle()

    assert isinstance(outcome.decision, Skip)
    assert execution.counts.created == 0
    assert story.target.writes == []


async def test_skipping_out_of_scope_deletions_leaves_who_is_filtered_out(story):
    story.only_if(SALES)
    story.configure(skip_out_of_scope_deletions=True)
    story.employ("ada", department="Sales")
    await story.cycle()

    story.change("ada", department="Engineering")
    execution = await story.cycle()

    assert (execution.counts.disabled, execution.counts.skipped) == (0, 1)
    assert story.employee("ada")["active"] is True


async def test_deletion_guard_counts_who_is_filtered_out(story):
    names = ("ada", "bea", "cleo")
    for name in names:
        story.employ(name, department="Sales")
    await story.cycle()
    story.allow_deletions(2)

    story.only_if('department EQUALS "Engineering"')
    held = await story.cycle()
    plan = await decisions(story)
    story.only_if(SALES)
    repaired = await story.cycle()

    assert (held.counts.staged_deletes, held.counts.disabled) == (3, 0)
    assert all(isinstance(plan[name].decision, StagedDelete) for name in names)
    assert 'department EQUALS "Engineering" (is "Sales")' in plan["ada"].decision.reason
    assert (repaired.counts.staged_deletes, story.target.writes) == (0, [])


async def test_deleted_user_whom_the_filter_would_leave_out_is_still_deleted_when_purged(story):
    story.only_if(SALES)
    story.employ("grace", department="Sales")
    story.employ("ada", department="Sales")
    await story.cycle()

    story.change("ada", department="Engineering")
    story.soft_delete("ada")
    disabled = await story.cycle()
    story.purge("ada")
    purged = await story.cycle()

    assert (disabled.counts.disabled, purged.counts.deleted) == (1, 1)


async def test_user_restored_out_of_the_filter_is_nobodys_business_any_more(story):
    story.only_if(SALES)
    story.employ("grace", department="Sales")
    story.employ("ada", department="Sales")
    await story.cycle()
    story.soft_delete("ada")
    await story.cycle()

    story.restore("ada")
    story.change("ada", department="Engineering")
    restored = await story.cycle()
    story.purge("ada")
    purged = await story.cycle()

    assert (restored.counts.enabled, purged.counts.deleted) == (0, 0)


@pytest.mark.parametrize(
    ("clause", "fits", "unfit"),
    [
        (HOSTILE, {"jobTitle": "aa"}, {"jobTitle": SLOW}),
        (SALES, {"department": "Sales"}, {"department": ("Sales", "Legal")}),
    ],
    ids=["too slow", "several values"],
)
async def test_user_of_whom_it_cant_be_told_is_neither_disabled_nor_created(
    story, clause, fits, unfit
):
    story.only_if(clause)
    story.employ("ada", **fits)
    await story.cycle()

    story.change("ada", **unfit)
    story.employ("bea", **unfit)
    failed = await story.cycle()
    quiet = await story.cycle()
    story.wait(hours=6)
    again = await story.cycle()

    assert [e.counts.escrowed for e in (failed, quiet, again)] == [2, 0, 2]
    assert (failed.counts.disabled, failed.counts.created) == (0, 0)
    assert story.target.writes == []
    record = (await story.log("bea"))[-1]
    assert record.error_code == "FilterNotEvaluated"
    assert "can't be evaluated" in record.error_message


async def test_user_of_whom_it_can_be_told_again_is_decided_about(story):
    several = ("Sales", "Legal")
    story.only_if(SALES)
    for name in ("ada", "bea"):
        story.employ(name, department="Sales")
    await story.cycle()
    for name in ("ada", "bea"):
        story.change(name, department=several)
    story.employ("cleo", department=several)
    await story.cycle()

    story.change("ada", department="Sales")
    story.change("bea", department="Legal")
    story.change("cleo", department="Sales")
    execution = await story.cycle()

    assert (execution.counts.created, execution.counts.disabled) == (1, 1)
    assert execution.counts.escrowed == 0
    assert story.employee("ada")["active"] is True


async def test_user_who_is_assigned_later_and_of_whom_it_cant_be_told_is_escrowed(story):
    story.only_if(SALES)
    story.employ("grace", department="Sales")
    story.hire("ada", department=("Sales", "Legal"))
    await story.cycle()

    story.assign("ada")
    execution = await story.cycle()
    on_demand = await story.on_demand("ada")

    assert (execution.counts.escrowed, execution.counts.created) == (1, 0)
    assert [outcome.failure[0] for outcome in on_demand] == ["FilterNotEvaluated"]


async def test_provision_on_demand_of_whom_it_cant_be_told_leaves_them_as_they_are(story):
    story.only_if(SALES)
    story.employ("ada", department="Sales")
    await story.cycle()
    story.change("ada", department=("Sales", "Legal"))

    (outcome,) = await story.on_demand("ada")
    story.change("ada", department="Sales", jobTitle="Lead")
    execution = await story.cycle()

    assert outcome.failure[0] == "FilterNotEvaluated"
    assert (execution.counts.updated, execution.counts.enabled) == (1, 0)


async def test_filter_that_cant_be_evaluated_hinders_nobody_from_leaving_otherwise(story):
    several = ("Sales", "Legal")
    story.only_if(SALES)
    for name in ("ada", "bea"):
        story.employ(name, department="Sales")
    await story.cycle()
    for name in ("ada", "bea"):
        story.change(name, department=several)
    await story.cycle()

    story.unassign("ada")
    story.soft_delete("bea")
    execution = await story.cycle()

    assert (execution.counts.disabled, execution.counts.escrowed) == (2, 0)


async def test_manager_who_is_filtered_out_is_left_out(story):
    story.only_if(SALES)
    story.employ("boss", department="Board")
    story.employ("ada", department="Sales", manager="boss")

    await story.cycle()
    story.change("boss", department="Sales")
    came = await story.cycle()
    await story.restart(RestartScope.WATERMARK)
    restarted = await story.cycle()

    assert (came.counts.created, came.counts.updated) == (1, 0)
    assert restarted.counts.updated == 1
