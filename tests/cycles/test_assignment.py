"""Who is provisioned: assignment, direct and by group (how-provisioning-works, Scoping)."""

from __future__ import annotations

from entrasim.model.job import Fidelity, RestartScope, Scope


async def test_user_who_is_assigned_is_created(story):
    story.employ("ada")
    story.hire("grace")

    execution = await story.cycle()

    assert execution.counts.created == 1
    assert story.employee("ada")["name.givenName"] == "Ada"
    assert len(story.target.objects) == 1


async def test_direct_member_of_an_assigned_group_is_created(story):
    story.hire("ada")
    story.group("Sales", "ada")
    story.assign("Sales")

    await story.cycle()

    assert story.employee("ada")["active"] is True


async def test_member_of_a_nested_group_is_left_out(story):
    story.hire("ada")
    story.hire("grace")
    story.group("Inner", "ada")
    story.group("Outer", "Inner", "grace")
    story.assign("Outer")

    await story.cycle()

    assert [v["userName"] for v in story.target.objects.values()] == ["grace@contoso.com"]


async def test_user_assigned_twice_keeps_access_until_both_are_gone(story):
    story.employ("ada")
    story.group("Sales", "ada")
    story.assign("Sales")
    await story.cycle()

    story.unassign("ada")
    one_left = await story.cycle()
    story.unassign("Sales")
    none_left = await story.cycle()

    assert one_left.counts.disabled == 0
    assert none_left.counts.disabled == 1


async def test_scope_all_needs_no_assignment(story):
    story.configure(scope=Scope.ALL)
    story.hire("ada")

    await story.cycle()

    assert story.employee("ada")["active"] is True


async def test_changed_scope_waits_for_a_restart_under_entras_fidelity(story):
    story.hire("ada")
    await story.cycle()

    story.configure(scope=Scope.ALL)
    waiting = await story.cycle()
    await story.restart(RestartScope.WATERMARK)
    restarted = await story.cycle()

    assert waiting.counts.created == 0
    assert restarted.counts.created == 1


async def test_changed_scope_makes_the_next_cycle_an_initial_one_under_practical_fidelity(story):
    story.hire("ada")
    await story.cycle()

    story.configure(scope=Scope.ALL, fidelity=Fidelity.PRACTICAL)
    execution = await story.cycle()

    assert execution.cycle.kind == "initial"
    assert execution.counts.created == 1
