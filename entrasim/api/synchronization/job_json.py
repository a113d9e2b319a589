"""A job as Graph's synchronizationJob.

Source: learn.microsoft.com/graph/api/resources/synchronization-synchronizationjob and
…/synchronization-synchronizationstatus, …/synchronization-synchronizationtaskexecution
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from entrasim.api.odata import EntityType, Shape
from entrasim.api.summaries import duration, moment, quarantine
from entrasim.bootstrap import Enlisted
from entrasim.config import in_graph_words
from entrasim.model.cycle import Milestones, TaskExecution
from entrasim.model.job import JobState, Quarantine, ScheduleState
from entrasim.model.schema import Schema
from entrasim.scheduler.status import JobStatus
from entrasim.state import SqlStore

Words = Callable[[str], str]
"""How whoever made a job knows the settings that a message names."""

NEVER = "0001-01-01T00:00:00Z"
"""Graph's moment for what has not happened."""

CONFIGURED = {"scim": "customappsso", "engagedly": "engagedly"}
"""The templates that the built-in schemas of the configuration file stand for."""

KIND = EntityType(
    name="synchronizationJob",
    properties={
        "id": Shape.TEXT,
        "templateId": Shape.TEXT,
        "schedule": Shape.COMPLEX,
        "status": Shape.COMPLEX,
        "synchronizationJobSettings": Shape.COMPLEXES,
    },
    expands={"schema": lambda row, _: row["schema"]},
)


async def job_json(enlisted: Enlisted, store: SqlStore) -> dict[str, Any]:
    """A job, with how it stands now."""
    job = enlisted.job
    state, cycles = await store.job_state(job), await store.milestones(job.id)
    counts = await store.counted(job.id)
    return {
        "id": job.graph_id,
        "templateId": _template_of(enlisted),
        "schedule": {
            "expiration": None,
            "interval": duration(job.interval),
            "state": _schedule(state),
        },
        "status": _status(enlisted, state, cycles, counts),
        "synchronizationJobSettings": [
            {
                "name": "QuarantineTooManyDeletesThreshold",
                "value": str(job.safety.deletion_threshold),
            }
        ],
        "schema": enlisted.settings.schema.document,
    }


def _template_of(enlisted: Enlisted) -> str:
    if enlisted.definition is not None:
        return enlisted.definition.template_id
    return CONFIGURED.get(enlisted.settings.table.schema_, CONFIGURED["scim"])


def _schedule(state: JobState) -> str:
    """A job that was paused before it ever ran is as it was made: disabled."""
    if state.schedule is ScheduleState.PAUSED and state.last_started_at is None:
        return ScheduleState.DISABLED.value
    return state.schedule.value


def _status(
    enlisted: Enlisted, state: JobState, cycles: Milestones, counts: dict[str, int]
) -> dict[str, Any]:
    words = str if enlisted.definition is None else in_graph_words
    return {
        "code": _code(enlisted, state, cycles),
        "countSuccessiveCompleteFailures": state.successive_failures,
        "escrowsPruned": False,
        "lastExecution": _execution(cycles.last, words),
        "lastSuccessfulExecution": _execution(cycles.succeeded, words),
        "lastSuccessfulExecutionWithExports": _execution(cycles.exported, words),
        "progress": [],
        "quarantine": _quarantine(state.quarantine, words),
        "steadyStateFirstAchievedTime": _ended(cycles.first_succeeded),
        "steadyStateLastAchievedTime": _ended(cycles.succeeded),
        "synchronizedEntryCountByType": [
            {"key": _way(kind, enlisted.settings.schema.schema), "value": count}
            for kind, count in counts.items()
        ],
        "troubleshootingUrl": None,
    }


def _code(enlisted: Enlisted, state: JobState, cycles: Milestones) -> str:
    """Paused is what a job is made as, whether or not it has credentials yet."""
    if enlisted.settings.obstacle and state.schedule is not ScheduleState.PAUSED:
        return "NotConfigured"
    status = JobStatus(enlisted.job, state, False, None, cycles.last)  # noqa: FBT003 - not asked
    return status.code


def _way(kind: str, schema: Schema) -> str:
    """From what to what objects of a kind go, such as `User to urn:…:User`."""
    target = next((m.target_object for m in schema.mappings if m.object_type == kind), kind)
    return f"{kind} to {target}"


def _quarantine(held: Quarantine | None, words: Words) -> dict[str, Any] | None:
    if held is None:
        return None
    error = {"code": held.code, "message": words(held.message), "tenantActionable": True}
    return {**quarantine(held), "error": error}


def _execution(execution: TaskExecution | None, words: Words) -> dict[str, Any] | None:
    if execution is None:
        return None
    counts = execution.counts
    return {
        "activityIdentifier": execution.cycle.id,
        "countEntitled": counts.in_scope,
        "countEntitledForProvisioning": counts.in_scope,
        "countEscrowed": counts.escrowed,
        "countEscrowedRaw": counts.escrowed,
        "countExported": counts.exported,
        "countExports": counts.exported + counts.escrowed,
        "countImported": counts.imported,
        "countImportedDeltas": counts.imported,
        "countImportedReferenceDeltas": 0,
        "error": _error(execution.error, words),
        "state": execution.state.value,
        "timeBegan": moment(execution.cycle.began_at),
        "timeEnded": moment(execution.ended_at),
    }


def _error(error: tuple[str, str] | None, words: Words) -> dict[str, Any] | None:
    if error is None:
        return None
    code, message = error
    return {"code": code, "message": words(message), "tenantActionable": True}


def _ended(execution: TaskExecution | None) -> str:
    at: datetime | None = execution.ended_at if execution else None
    return NEVER if at is None else moment(at)
