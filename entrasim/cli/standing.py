"""How a job stands, for people and as JSON."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from entrasim.api.summaries import duration, moment, quarantine, task_execution
from entrasim.cli import output
from entrasim.cli.world import Chosen
from entrasim.engine.beginning import beginning
from entrasim.model.connection import ConnectorSpace, Escrow
from entrasim.model.cycle import CycleState
from entrasim.model.job import ScheduleState
from entrasim.scheduler.due import next_due

Json = dict[str, Any]

_SHOWN = 10  # failures that a person reads; the JSON has them all


async def facts(of: Chosen) -> Json:
    """All that the store knows of a job, in Graph's words where it has any."""
    state = await of.store.job_state(of.job)
    space = await of.store.connector_space(of.job.id)
    latest = await of.store.executions(of.job.id, 1)
    due, begins = next_due(of.job, state, of.clock.now()), beginning(of.job, state)
    begun = state.running_cycle_id is not None
    running = begun and await of.store.cycle_runs(of.job.id)
    return {
        "id": of.job.id,
        "graphId": of.job.graph_id,
        "schedule": state.schedule.value,
        "running": running,
        "interrupted": begun and not running,
        "nextDueAt": None if due is None else moment(due),
        "interval": duration(of.job.interval),
        "scope": (state.scope or of.job.scope).value,
        "scopeWaitingForRestart": of.job.scope.value if begins.scope_waits else None,
        "nextCycle": begins.kind.value,
        "nextCycleReason": begins.reason or None,
        "forceDeletes": state.force_deletes,
        "quarantine": quarantine(state.quarantine) if state.quarantine else None,
        "countSuccessiveCompleteFailures": state.successive_failures,
        "linked": sum(connection.managed for connection in space.connections),
        "staged": sum(connection.staged is not None for connection in space.connections),
        "lastExecution": task_execution(latest[0]) if latest else None,
        "lastEndedAt": moment(latest[0].ended_at) if latest else None,
        "escrows": _escrows(space),
        "obstacle": of.enlisted.settings.obstacle or None,
    }


def show(found: Json, interval: timedelta, now: datetime) -> None:
    """A job's facts, a line each; lines that would say nothing are left out."""
    running = ", a cycle is running" if found["running"] else ""
    _line("Job", found["id"], "bold")
    _line("Schedule", f"{found['schedule']}, every {_distance(interval)}{running}")
    if obstacle := found["obstacle"]:
        _line("Can't run", obstacle, "red")
    _line("Next cycle", f"{found['nextCycle']}, {_due(found, now)}")
    if reason := found["nextCycleReason"]:
        _line("", f"initial: {reason}", "dim")
    _line("Scope", found["scope"])
    if waiting := found["scopeWaitingForRestart"]:
        _line("", f'"{waiting}" waits for a restart: entrasim job restart', "yellow")
    _line("Linked", f"{found['linked']} objects")
    if held := found["staged"]:
        _line("Held back", f"{held} leavers{_what_of_them(found)}", "yellow")
    if last := found["lastExecution"]:
        _show_last(last, found["lastEndedAt"], now)
    if found["interrupted"]:
        _line("Killed", "a cycle was killed; the next goes on where it ended", "yellow")
    if held := found["quarantine"]:
        _show_quarantine(held, now)
    for escrow in found["escrows"][:_SHOWN]:
        _show_escrow(escrow, now)
    if (more := len(found["escrows"]) - _SHOWN) > 0:
        _line("", f"… and {more} more: entrasim logs --status failure", "dim")


def _what_of_them(found: Json) -> str:
    if found["forceDeletes"]:
        return ", allowed to go in the next cycle"
    return ": entrasim job restart --reset ForceDeletes"


def _show_last(last: Json, ended_at: str, now: datetime) -> None:
    counted = [f"{count} {_words(name)}" for name, count in last["counts"].items() if count]
    if not counted and last["state"] != CycleState.FAILED:
        counted = ["nothing changed"]
    told = f": {', '.join(counted)}" if counted else ""
    ago = _distance(now - datetime.fromisoformat(ended_at))
    _line("Last cycle", f"{last['kind']}, {last['state']} {ago} ago{told}")
    if error := last.get("error"):
        _line("", f"{error['code']}: {error['message']}", "red")


def _show_quarantine(held: Json, now: datetime) -> None:
    since = _distance(now - datetime.fromisoformat(held["seriesBegan"]))
    _line("Quarantine", f"for {since}: {held['reason']}", "red")
    _line("", held["error"]["message"], "red")


def _show_escrow(escrow: Json, now: datetime) -> None:
    tries = f"{escrow['attempts']} attempt{'' if escrow['attempts'] == 1 else 's'}"
    since = _distance(now - datetime.fromisoformat(escrow["firstFailedAt"]))
    told = f"{escrow['displayName']}: {escrow['operation']} fails for {since}, {tries}"
    due = datetime.fromisoformat(escrow["nextAttemptAt"])
    again = "in the next cycle" if due <= now else f"in {_distance(due - now)}"
    _line("Failed", f"{told}, again {again}", "red")
    _line("", f"{escrow['errorCode']}: {escrow['message']}", "red")


def _line(title: str, text: str, style: str = "") -> None:
    output.line((f"{title:<11} ", "dim"), (text, style))


def _due(found: Json, now: datetime) -> str:
    if found["nextDueAt"] is None:
        disabled = found["schedule"] == ScheduleState.DISABLED.value
        after = ", after four weeks of quarantine" if disabled else ""
        return f"not until the job is started{after}: entrasim job start"
    due = datetime.fromisoformat(found["nextDueAt"])
    if due <= now + timedelta(seconds=1):
        return "due now"
    return f"due in {_distance(due - now)} ({due:%Y-%m-%d %H:%M} UTC)"


def _distance(span: timedelta) -> str:
    """A span as people say it: the two largest of its units."""
    left = max(0, round(span.total_seconds()))
    parts: list[str] = []
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, left = divmod(left, length)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def _words(name: str) -> str:
    """A counter's name as words: `inScope` is "in scope"."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name)


def _escrows(space: ConnectorSpace) -> list[Json]:
    names = {record.entry.anchor: record.entry.display_name for record in space.sources}

    def row(escrow: Escrow) -> Json:
        anchor = escrow.source_anchor
        return {
            "sourceId": anchor.id,
            "displayName": names.get(anchor, anchor.id),
            "operation": escrow.operation,
            "errorCode": escrow.error_code,
            "message": escrow.message,
            "attempts": escrow.attempts,
            "firstFailedAt": moment(escrow.first_failed_at),
            "nextAttemptAt": moment(escrow.next_due_at),
        }

    return [row(escrow) for escrow in space.escrows]
