"""Cycles and provisioning records as JSON: interface names and Graph's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from entrasim.model.cycle import Counts, TaskExecution
from entrasim.model.decision import AttributeChange, Status, Step, Verdict
from entrasim.model.entry import Value
from entrasim.model.job import Quarantine
from entrasim.model.log import ProvisioningRecord

# Directory ids of the synchronization schema of a non-gallery application.
_SOURCE_SYSTEM = "66e4a8cc-1b7b-435e-95f8-f06cea133828"
_TARGET_SYSTEM = "09760868-cafb-47ac-9031-0a3262300427"

SOURCE_NAME, TARGET_NAME = "Microsoft Entra ID", "customappsso"
"""What that schema calls its directories."""

_STEP_PREFIXES = {Step.IMPORT: "EntryImport", Step.EXPORT: "EntryExport"}
_STEP_SUFFIXES = {
    "create": "Add",
    "update": "Update",
    "disable": "Update",
    "delete": "Delete",
    "stagedDelete": "Skip",
    "other": "Skip",
}


def moment(at: datetime) -> str:
    """A moment in Graph's form: UTC, ending in Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def duration(span: timedelta) -> str:
    """A span in Graph's form, ISO 8601, in minutes where it can be."""
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    return f"PT{minutes * 60 + seconds}S" if seconds else f"PT{minutes}M"


def task_execution(execution: TaskExecution) -> dict[str, object]:
    """A cycle as `sync --json` prints it; a failed one tells its error."""
    cycle, requests = execution.cycle, execution.requests
    summary: dict[str, object] = {
        "jobId": cycle.job_id,
        "cycleId": cycle.id,
        "kind": cycle.kind.value,
        "state": execution.state.value,
        "counts": counts(execution.counts),
        "requests": {"total": sum(requests.values()), "byMethod": dict(requests)},
        "seconds": (execution.ended_at - cycle.began_at) / timedelta(seconds=1),
    }
    if execution.error is not None:
        code, message = execution.error
        summary["error"] = {"code": code, "message": message}
    return summary


def counts(of: Counts) -> dict[str, int]:
    """What a cycle did, object by object."""
    return {
        "imported": of.imported,
        "inScope": of.in_scope,
        "created": of.created,
        "updated": of.updated,
        "disabled": of.disabled,
        "enabled": of.enabled,
        "deleted": of.deleted,
        "stagedDeletes": of.staged_deletes,
        "skipped": of.skipped,
        "escrowed": of.escrowed,
    }


def quarantine(of: Quarantine) -> dict[str, object]:
    """A quarantine as Graph's `synchronizationQuarantine`."""
    return {
        "reason": of.reason.value,
        "currentBegan": moment(of.began_at),
        "nextAttempt": moment(of.next_attempt_at),
        "seriesBegan": moment(of.series_began_at),
        "seriesCount": of.series_count,
        "error": {"code": of.code, "message": of.message},
    }


def provisioning_summary(
    record: ProvisioningRecord,
    *,
    tenant_id: str,
    application: str,
    service_principal_id: str | None = None,
    job_id: str | None = None,
) -> dict[str, object]:
    """A log record as Graph's `provisioningObjectSummary` (v1.0).

    `job_id` is the job's id in Graph's form, where it is to be told by that.

    Names and nesting: learn.microsoft.com/graph/api/resources/provisioningobjectsummary;
    values such as step names and the empty target identity:
    learn.microsoft.com/graph/application-provisioning-configuration-api.
    """
    return {
        "id": record.id,
        "activityDateTime": moment(record.activity_at),
        "tenantId": tenant_id,
        "jobId": job_id or record.job_id,
        "cycleId": record.cycle_id,
        "changeId": record.id,
        "provisioningAction": record.action,
        "durationInMilliseconds": record.duration_ms,
        "initiatedBy": {"id": "", "displayName": record.initiated_by, "initiatorType": "system"},
        "servicePrincipal": {"id": service_principal_id, "displayName": application},
        "sourceSystem": _system(_SOURCE_SYSTEM, SOURCE_NAME),
        "targetSystem": _system(_TARGET_SYSTEM, application),
        "sourceIdentity": _identity(record, record.source_id, record.source_name),
        "targetIdentity": _identity(
            record, record.target_id or "", record.source_name if record.target_id else ""
        ),
        "provisioningStatusInfo": _status(record),
        "provisioningSteps": [_step(verdict, record.action) for verdict in record.steps],
        "modifiedProperties": [_modified(change) for change in record.changes],
    }


def _system(system_id: str, name: str) -> dict[str, object]:
    return {"id": system_id, "displayName": name, "details": {}}


def _identity(record: ProvisioningRecord, object_id: str, name: str) -> dict[str, object]:
    return {
        "id": object_id,
        "displayName": name,
        "identityType": record.object_type.value,
        "details": {},
    }


def _status(record: ProvisioningRecord) -> dict[str, object]:
    explained = record.error_code is not None or record.status is Status.FAILURE
    information = {
        "errorCode": record.error_code,
        "reason": record.error_message,
        "additionalDetails": None,
        "errorCategory": "nonServiceFailure",
        "recommendedAction": None,
    }
    return {"status": record.status.value, "errorInformation": information if explained else None}


def _step(verdict: Verdict, action: str) -> dict[str, object]:
    prefix = _STEP_PREFIXES.get(verdict.step, "EntrySynchronization")
    suffix = "" if verdict.step is Step.IMPORT else _STEP_SUFFIXES.get(action, "")
    return {
        "name": f"{prefix}{suffix}",
        "provisioningStepType": verdict.step.value,
        "status": verdict.status.value,
        "description": verdict.description,
        "details": dict(verdict.details),
    }


def _modified(change: AttributeChange) -> dict[str, object]:
    return {
        "displayName": change.attribute,
        "oldValue": _text(change.before),
        "newValue": _text(change.after),
    }


def _text(value: Value) -> str | None:
    """A value as text, booleans as `True` and `False`; several are joined by a comma."""
    if value is None:
        return None
    return ", ".join(value) if isinstance(value, tuple) else str(value)
