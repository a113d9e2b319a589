"""The JSON of cycles and of the provisioning log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from entrasim.api.summaries import provisioning_summary, task_execution
from entrasim.model.cycle import Counts, Cycle, CycleKind, CycleState, TaskExecution
from entrasim.model.decision import AttributeChange, Status, Step, Verdict
from entrasim.model.entry import ObjectType
from entrasim.model.log import ProvisioningRecord

EIGHT = datetime(2026, 1, 5, 8, tzinfo=UTC)
EXECUTION = TaskExecution(
    cycle=Cycle(id="c1", job_id="engagedly", kind=CycleKind.INITIAL, began_at=EIGHT),
    state=CycleState.SUCCEEDED,
    counts=Counts(imported=3, in_scope=2, created=1, staged_deletes=1, escrowed=0),
    ended_at=EIGHT + timedelta(milliseconds=1500),
    requests={"GET": 2, "POST": 1},
)
RECORD = ProvisioningRecord(
    id="r1",
    job_id="engagedly",
    cycle_id="c1",
    activity_at=EIGHT,
    duration_ms=12,
    action="create",
    status=Status.SUCCESS,
    object_type=ObjectType.USER,
    source_id="ada-id",
    source_name="ada@contoso.com",
    target_id="t1",
    initiated_by="entrasim",
    steps=(
        Verdict(step=Step.IMPORT, status=Status.SUCCESS, description="Received"),
        Verdict(step=Step.EXPORT, status=Status.SUCCESS, description="Made", details={"a": "b"}),
    ),
    changes=(
        AttributeChange(attribute="active", before=None, after=True),
        AttributeChange(attribute="title", before="Engineer", after=None),
    ),
)


def summary_of(**changes):
    return provisioning_summary(
        replace(RECORD, **changes), tenant_id="contoso-id", application="Engagedly"
    )


def test_cycle_has_the_shape_that_sync_prints():
    printed = task_execution(EXECUTION)

    assert printed == {
        "jobId": "engagedly",
        "cycleId": "c1",
        "kind": "initial",
        "state": "Succeeded",
        "counts": {
            "imported": 3,
            "inScope": 2,
            "created": 1,
            "updated": 0,
            "disabled": 0,
            "enabled": 0,
            "deleted": 0,
            "stagedDeletes": 1,
            "skipped": 0,
            "escrowed": 0,
        },
        "requests": {"total": 3, "byMethod": {"GET": 2, "POST": 1}},
        "seconds": 1.5,
    }


def test_failed_cycle_tells_its_error():
    failed = replace(EXECUTION, state=CycleState.FAILED, error=("SourceShrunk", "half is gone"))

    printed = task_execution(failed)

    assert printed["error"] == {"code": "SourceShrunk", "message": "half is gone"}


def test_record_has_the_shape_of_graphs_provisioning_object_summary():
    summary = summary_of()

    # learn.microsoft.com/graph/api/resources/provisioningobjectsummary
    assert summary == {
        "id": "r1",
        "activityDateTime": "2026-01-05T08:00:00Z",
        "tenantId": "contoso-id",
        "jobId": "engagedly",
        "cycleId": "c1",
        "changeId": "r1",
        "provisioningAction": "create",
        "durationInMilliseconds": 12,
        "initiatedBy": {"id": "", "displayName": "entrasim", "initiatorType": "system"},
        "servicePrincipal": {"id": None, "displayName": "Engagedly"},
        "sourceSystem": {
            "id": "66e4a8cc-1b7b-435e-95f8-f06cea133828",
            "displayName": "Microsoft Entra ID",
            "details": {},
        },
        "targetSystem": {
            "id": "09760868-cafb-47ac-9031-0a3262300427",
            "displayName": "Engagedly",
            "details": {},
        },
        "sourceIdentity": {
            "id": "ada-id",
            "displayName": "ada@contoso.com",
            "identityType": "User",
            "details": {},
        },
        "targetIdentity": {
            "id": "t1",
            "displayName": "ada@contoso.com",
            "identityType": "User",
            "details": {},
        },
        "provisioningStatusInfo": {"status": "success", "errorInformation": None},
        "provisioningSteps": [
            {
                "name": "EntryImport",
                "provisioningStepType": "import",
                "status": "success",
                "description": "Received",
                "details": {},
            },
            {
                "name": "EntryExportAdd",
                "provisioningStepType": "export",
                "status": "success",
                "description": "Made",
                "details": {"a": "b"},
            },
        ],
        "modifiedProperties": [
            {"displayName": "active", "oldValue": None, "newValue": "True"},
            {"displayName": "title", "oldValue": "Engineer", "newValue": None},
        ],
    }


def test_failure_is_explained():
    summary = summary_of(
        status=Status.FAILURE, error_code="EntryConflict", error_message="409 for POST /Users"
    )

    assert summary["provisioningStatusInfo"] == {
        "status": "failure",
        "errorInformation": {
            "errorCode": "EntryConflict",
            "reason": "409 for POST /Users",
            "additionalDetails": None,
            "errorCategory": "nonServiceFailure",
            "recommendedAction": None,
        },
    }


def test_object_without_counterpart_has_an_empty_target_identity():
    summary = summary_of(target_id=None)

    assert summary["targetIdentity"] == {
        "id": "",
        "displayName": "",
        "identityType": "User",
        "details": {},
    }
