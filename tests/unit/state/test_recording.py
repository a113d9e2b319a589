"""An outcome's record in the provisioning log."""

from __future__ import annotations

from uuid import UUID

import pytest
from recorded import ADA, CYCLE, NOW, link, outcome

from entrasim.model.connection import Leave
from entrasim.model.decision import (
    Create,
    Delete,
    Disable,
    Enable,
    Skip,
    StagedDelete,
    Status,
    Step,
    Update,
    Verdict,
)
from entrasim.state import record_of

WHOM = {"subject": ADA, "reason": "because"}
WARNING = Verdict(step=Step.EXPORT, status=Status.WARNING, description="no manager", code="NoBoss")


@pytest.mark.parametrize(
    ("decision", "action", "status"),
    [
        (Create(**WHOM, changes=()), "create", Status.SUCCESS),
        (Update(**WHOM, target_id="t1", changes=()), "update", Status.SUCCESS),
        (Enable(**WHOM, target_id="t1", changes=()), "update", Status.SUCCESS),
        (Disable(**WHOM, target_id="t1", changes=()), "disable", Status.SUCCESS),
        (Delete(**WHOM, target_id="t1"), "delete", Status.SUCCESS),
        (StagedDelete(**WHOM, target_id="t1", leave=Leave.DELETE), "stagedDelete", Status.SKIPPED),
        (Skip(**WHOM, code="RedundantExport"), "other", Status.SKIPPED),
    ],
)
def test_every_decision_has_graphs_word_and_result(decision, action, status):
    record = record_of(CYCLE, outcome(decision))

    assert (record.action, record.status) == (action, status)


def test_record_names_who_when_and_how_long():
    record = record_of(CYCLE, outcome(Create(**WHOM, changes=()), connection=link()))

    assert (record.job_id, record.cycle_id) == ("engagedly", "cycle-1")
    assert (record.activity_at, record.duration_ms) == (NOW, 250)
    assert (record.source_id, record.source_name) == ("ada", "ada@contoso.com")
    assert (record.target_id, record.initiated_by) == ("t1", "entrasim")
    assert UUID(record.id).version == 4


def test_deleted_object_keeps_its_target_id_in_the_log():
    record = record_of(CYCLE, outcome(Delete(**WHOM, target_id="t1")))

    assert record.target_id == "t1"


def test_failure_without_decision_is_other_and_says_why():
    record = record_of(CYCLE, outcome(failure=("EntryConflict", "userName is taken")))

    assert (record.action, record.status) == ("other", Status.FAILURE)
    assert (record.error_code, record.error_message) == ("EntryConflict", "userName is taken")


def test_failure_outweighs_what_was_decided():
    update = Update(**WHOM, target_id="t1", changes=())

    record = record_of(CYCLE, outcome(update, failure=("Timeout", "no answer")))

    assert (record.action, record.status, record.target_id) == ("update", Status.FAILURE, "t1")


def test_skipped_object_bears_its_reason():
    record = record_of(CYCLE, outcome(Skip(**WHOM, code="NotEffectivelyEntitled")))

    assert (record.error_code, record.error_message) == ("NotEffectivelyEntitled", "because")


def test_warning_of_a_step_is_the_records_warning():
    create = Create(**WHOM, changes=())

    record = record_of(CYCLE, outcome(create, verdicts=(WARNING,)))

    assert (record.status, record.error_code) == (Status.WARNING, "NoBoss")
    assert record.steps == (WARNING,)
