"""The fixture `entra`, as a test suite uses it."""

from __future__ import annotations

import pytest

from entrasim.errors import ShrunkSourceError
from entrasim.testing.faults import Close, LostAnswer, Status


async def test_joiner_mover_leaver(entra):
    entra.add_user("grace@contoso.com")
    entra.add_user("ada@contoso.com", jobTitle="Engineer", manager="grace@contoso.com")
    entra.add_group("Engineering", "ada@contoso.com", "grace@contoso.com")
    entra.assign("Engineering")
    joined = await entra.cycle()

    entra.advance(minutes=40)
    entra.set_user("ada@contoso.com", jobTitle="Lead")
    entra.remove_member("Engineering", "grace@contoso.com")
    moved = await entra.cycle()

    assert joined.counts.created == 2
    assert (moved.counts.updated, moved.counts.disabled) == (1, 1)
    assert [(r.method, r.status) for r in entra.requests if r.method == "PATCH"] == [
        ("PATCH", 200),
        ("PATCH", 200),
    ]
    ada, grace = (entra.target.employees(f"{name}@contoso.com")[0] for name in ("ada", "grace"))
    assert (ada["job_title"], ada["primary_reporter"]) == ("Lead", "grace@contoso.com")
    assert (ada["status"], grace["status"]) == ("Active", "Blocked")


def test_synchronous_test_needs_no_event_loop(entra):
    entra.add_user("ada@contoso.com")
    entra.assign("ada@contoso.com")

    execution = entra.run_cycle()

    assert execution.counts.created == 1
    assert [r.method for r in entra.requests] == ["GET", "GET", "POST"]
    assert entra.requests[1].path == "/Users?filter=userName+eq+%22ada%40contoso.com%22"
    assert entra.requests[2].body["active"] is True


def test_endpoint_of_ones_own_takes_a_jobs_settings(entra):
    base_url = entra.target.connections()[0].base_url
    token = entra.target.add_connection("own", base_url=base_url).token
    entra.connect(f"{base_url}?aadOptscim062020", token, schema="scim", scope="all")
    entra.add_user("ada@contoso.com")
    entra.run_cycle()

    entra.disable("ada@contoso.com")
    entra.run_cycle()

    assert entra.requests[-1].body["Operations"] == [
        {"op": "replace", "path": "active", "value": False}
    ]


async def test_recycle_bin_is_emptied_after_thirty_days(entra):
    for name in ("ada", "grace"):
        entra.add_user(f"{name}@contoso.com")
        entra.assign(f"{name}@contoso.com")
    await entra.cycle()
    entra.delete("ada@contoso.com")
    await entra.cycle()

    entra.advance(minutes=30 * 24 * 60)
    execution = await entra.cycle()

    assert execution.counts.deleted == 1
    assert [record.action for record in entra.log("ada@contoso.com")][-1] == "delete"


async def test_failing_cycle_raises_in_the_test(entra):
    with pytest.raises(ShrunkSourceError):
        await entra.cycle()


async def test_group_is_provisioned_with_its_members_and_deleted(entra):
    entra.configure(schema="scim")
    for name in ("ada", "grace"):
        entra.add_user(f"{name}@contoso.com")
    entra.add_group("Pioneers", "ada@contoso.com")
    entra.assign("Pioneers")
    await entra.cycle()
    entra.add_member("Pioneers", "grace@contoso.com")
    await entra.cycle()
    (group,) = entra.target.groups()

    entra.delete_group("Pioneers")
    await entra.cycle()

    assert [m["displayName"] for m in group["members"]] == ["Ada Contoso", "Grace Contoso"]
    assert entra.target.groups() == []


async def test_stand_in_fails_by_rules_until_told_otherwise(entra):
    for name in ("ada", "grace"):
        entra.add_user(f"{name}@contoso.com")
        entra.assign(f"{name}@contoso.com")

    faults = entra.inject(Status(503, methods=("POST",), sent="ada@contoso.com"))
    failed = await entra.cycle()
    refused = [r for r in entra.requests if r.status == 503]
    entra.inject()
    healed = await entra.cycle()

    assert (failed.counts.created, failed.counts.escrowed) == (1, 1)
    assert [(r.method, r.body["userName"]) for r in refused] == [("POST", "ada@contoso.com")]
    assert faults.counts == {"status 503": 1}
    assert healed.counts.created == 1


def test_request_whose_answer_was_lost_is_shown_without_status(entra):
    entra.add_user("ada@contoso.com")
    entra.assign("ada@contoso.com")

    entra.inject(LostAnswer(methods=("POST",), times=1))
    entra.run_cycle()
    lost = [r for r in entra.requests if r.status is None]
    entra.run_cycle()

    assert [(r.method, r.path) for r in lost] == [("POST", "/Users")]
    assert "POST" not in [r.method for r in entra.requests]
    assert len(entra.target.employees()) == 1


def test_silenced_faults_leave_a_quiet_period(entra):
    entra.add_user("ada@contoso.com")
    entra.assign("ada@contoso.com")
    faults = entra.inject(Close(methods=("POST",)), seed=7)
    entra.run_cycle()

    faults.active = False
    quiet = entra.run_cycle()

    assert quiet.counts.created == 1
    assert faults.counts == {"close": 1}
