"""What became of one object on demand, in the two texts that Graph answers with.

Source: learn.microsoft.com/graph/api/synchronization-synchronizationjob-provisionondemand
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import msgspec

from entrasim.api.summaries import SOURCE_NAME, TARGET_NAME, moment, provisioning_summary
from entrasim.bootstrap import Enlisted, tenant_id
from entrasim.model.cycle import Cycle, CycleKind, Outcome
from entrasim.model.decision import Skip, Status
from entrasim.model.log import ProvisioningRecord
from entrasim.state import record_of

Json = dict[str, Any]

_INFORMATION = ("errorCode", "reason", "additionalDetails", "errorCategory", "recommendedAction")


def answer_of(enlisted: Enlisted, object_id: str, outcomes: Sequence[Outcome]) -> dict[str, str]:
    """`key` says how it went, `value` all that was done; both are texts of JSON.

    An object may have several outcomes: a group that is made has its members told later. What
    failed counts most, then what was done, and the steps are those of all.
    """
    ours = [outcome for outcome in outcomes if outcome.anchor.id == object_id] or outcomes
    outcome = min(ours, key=_weight)
    records = {id(one): record_of(_cycle(enlisted, one), one) for one in ours}
    record = records[id(outcome)]
    key = {"result": _capital(record.status.value), "details": _details(record)}
    value = _value(enlisted, record, outcome)
    told = [_summary(enlisted, one) for one in records.values()]
    value["modifiedProperties"] = [p for one in told for p in one["modifiedProperties"]]
    value["provisioningSteps"] = [
        _step(step, value["endTime"]) for one in told for step in one["provisioningSteps"]
    ]
    return {"key": _text(key), "value": _text(value)}


def _weight(outcome: Outcome) -> int:
    if outcome.failure is not None:
        return 0
    return 2 if isinstance(outcome.decision, Skip) else 1


def _cycle(enlisted: Enlisted, outcome: Outcome) -> Cycle:
    """What stands for a cycle where there is none."""
    began_at, kind = outcome.began_at, CycleKind.INCREMENTAL
    return Cycle(id=str(uuid4()), job_id=enlisted.job.id, kind=kind, began_at=began_at)


def _summary(enlisted: Enlisted, record: ProvisioningRecord) -> Json:
    tenant = tenant_id(enlisted.settings)
    return provisioning_summary(record, tenant_id=tenant, application=enlisted.application)


def _details(record: ProvisioningRecord) -> Json:
    if record.error_code is None and record.status is not Status.FAILURE:
        return {}
    return {"errorCode": record.error_code, "errorMessage": record.error_message}


def _value(enlisted: Enlisted, record: ProvisioningRecord, outcome: Outcome) -> Json:
    status = _summary(enlisted, record)["provisioningStatusInfo"]
    information = status["errorInformation"] or dict.fromkeys(_INFORMATION)
    target = enlisted.settings.schema.schema.mapping_of(outcome.anchor.object_type)
    return {
        "action": _capital(record.action),
        "changeId": record.id,
        "startTime": moment(outcome.began_at),
        "endTime": moment(outcome.ended_at),
        "reportableIdentifier": record.source_name,
        "modifiedProperties": [],
        "provisioningSteps": [],
        "statusInfo": {"status": _capital(record.status.value), **information},
        "sourceIdentity": _identity(record.source_id, record.object_type.value),
        "sourceSystem": {"id": None, "name": SOURCE_NAME, "details": None},
        "targetIdentity": _identity(record.target_id, target.target_object if target else None),
        "targetSystem": {"id": None, "name": TARGET_NAME, "details": None},
    }


def _step(step: Json, at: str) -> Json:
    return {
        "name": step["name"],
        "type": _capital(step["provisioningStepType"]),
        "status": _capital(step["status"]),
        "description": step["description"],
        "timestamp": at,
        "details": step["details"],
    }


def _identity(known: str | None, kind: str | None) -> Json:
    return {"id": known, "type": kind, "displayName": None, "details": None}


def _capital(word: str) -> str:
    """A word as this answer spells it: `stagedDelete` is `StagedDelete`."""
    return word[:1].upper() + word[1:]


def _text(content: Json) -> str:
    return msgspec.json.encode(content).decode()
