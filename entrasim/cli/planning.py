"""A plan, for people as a diff and for machines as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from rich.text import Text

from entrasim.api.summaries import counts
from entrasim.cli import output, story
from entrasim.model.cycle import Outcome, TaskExecution
from entrasim.model.decision import Decision, Skip
from entrasim.ports import WireRequest

Json = dict[str, Any]
Preview = Callable[[Decision], tuple[WireRequest, ...]]


def as_json(execution: TaskExecution, outcomes: Iterable[Outcome], preview: Preview) -> Json:
    """The plan as `plan --json` prints it."""
    found: Json = {"decisions": [], "errors": [], "counts": counts(execution.counts)}
    for outcome in outcomes:
        if outcome.failure is not None:
            found["errors"].append(_error(outcome))
        elif outcome.decision is not None:
            found["decisions"].append(_decision(outcome, outcome.decision, preview))
    return found


def outcome_as_json(outcome: Outcome) -> Json:
    """One object's outcome, with its steps."""
    if outcome.decision is not None and outcome.failure is None:
        found = _decision(outcome, outcome.decision, lambda _: ())
    else:
        found = _error(outcome)
    steps = [
        {
            "step": verdict.step.value,
            "status": verdict.status.value,
            "description": verdict.description,
            "details": dict(verdict.details),
        }
        for verdict in outcome.verdicts
    ]
    return {**found, "steps": steps}


def show(
    execution: TaskExecution,
    outcomes: Iterable[Outcome],
    preview: Preview,
    *,
    explain: bool,
    requests: bool,
) -> None:
    """The plan as a diff; who is skipped is told on request only."""
    for outcome in outcomes:
        if isinstance(outcome.decision, Skip) and outcome.failure is None and not explain:
            continue
        output.show(story.headline(outcome))
        for text in story.steps(outcome) if explain else story.warnings(outcome):
            output.show(text)
        for text in story.changes(outcome.decision):
            output.show(text)
        if requests and outcome.decision is not None:
            for request in preview(outcome.decision):
                for text in _request(request):
                    output.show(text)
    story.prospect(execution)
    output.note("Nothing was written; the cycle decides again from fresh readings.")


def _decision(outcome: Outcome, decision: Decision, preview: Preview) -> Json:
    connection = outcome.connection
    held = connection.target_anchor if connection is not None else None
    return {
        "action": story.action_of(decision),
        "objectType": outcome.anchor.object_type.value,
        "sourceId": outcome.anchor.id,
        "displayName": outcome.display_name,
        "targetId": getattr(decision, "target_id", None) or held or None,
        "reason": decision.reason,
        "changes": [
            {"attribute": c.attribute, "from": c.before, "to": c.after}
            for c in getattr(decision, "changes", ())
        ],
        "requests": [
            {"method": r.method, "url": _readable(r.url), "body": r.body} for r in preview(decision)
        ],
    }


def _error(outcome: Outcome) -> Json:
    code, message = outcome.failure or ("", "")
    return {
        "objectType": outcome.anchor.object_type.value,
        "sourceId": outcome.anchor.id,
        "displayName": outcome.display_name,
        "code": code,
        "message": message,
    }


def _readable(url: str) -> str:
    """A URL in which the id that the target has yet to give can be read."""
    return unquote(url) if "%7bid%20of%20" in url else url


def _request(request: WireRequest) -> Iterator[Text]:
    yield Text.assemble(("    " + request.method, "cyan"), f" {_readable(request.url)}")
    body = json.dumps(request.body, indent=2, ensure_ascii=False) if request.body else ""
    for line in body.split("\n") if body else ():
        yield Text(f"    {line}", style="dim")
