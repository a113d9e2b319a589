"""How outcomes and cycles read to people; the same signs everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from rich.text import Text

from entrasim.cli import output
from entrasim.model.cycle import Counts, Cycle, Outcome, TaskExecution
from entrasim.model.decision import (
    AttributeChange,
    Create,
    Decision,
    Delete,
    Disable,
    Enable,
    Skip,
    StagedDelete,
    Status,
    Update,
    Verdict,
)
from entrasim.model.entry import Value

_SIGNS: dict[type, tuple[str, str, str]] = {
    Create: ("+", "create", "green"),
    Update: ("~", "update", "yellow"),
    Enable: ("↑", "enable", "green"),
    Disable: ("↓", "disable", "red"),
    Delete: ("-", "delete", "bold red"),
    StagedDelete: ("!", "held back", "magenta"),
    Skip: ("·", "skip", "dim"),
}
_LISTED = 5  # values of one attribute; the log and --json have them all
_SHORT = (
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:",
    "urn:ietf:params:scim:schemas:core:2.0:User:",
)


def action_of(decision: Decision) -> str:
    """A decision's word for machines."""
    name = type(decision).__name__
    return name[0].lower() + name[1:]


def headline(outcome: Outcome, *, reason: bool = True) -> Text:
    """One line about one object."""
    name = " ".join(outcome.display_name.split())
    if outcome.failure is not None:
        code, message = outcome.failure[0], " ".join(outcome.failure[1].split())
        return Text(f"✗ {'failed':<10}{name}  {code}: {message}", style="red")
    if outcome.decision is None:
        return Text(f"  {name}")
    sign, word, style = _SIGNS[type(outcome.decision)]
    told = short(outcome.decision.reason) if reason else ""
    return Text.assemble(
        (f"{sign} {word:<10}", style), (f"{name:<28}", "bold"), (f" {told}", "dim")
    )


def changes(
    decision: Decision | None, names: Mapping[str, str] = MappingProxyType({})
) -> Iterable[Text]:
    """A line for each attribute that a decision changes."""
    found: tuple[AttributeChange, ...] = getattr(decision, "changes", ())
    return changed(found, names)


def changed(found: Sequence[AttributeChange], names: Mapping[str, str]) -> Iterable[Text]:
    """A line for each attribute that changes; ids whose names are known bear them."""
    width = min(44, max((len(short(c.attribute)) for c in found), default=0))
    for change in found:
        name = f"    {short(change.attribute):<{width}}  "
        if change.before is None:
            yield Text.assemble(name, (_shown(change.after, names), "green"))
        elif change.after is None:
            yield Text.assemble(name, (_shown(change.before, names), "red"), " → nothing")
        else:
            yield Text.assemble(
                name,
                (_shown(change.before, names), "red"),
                " → ",
                (_shown(change.after, names), "green"),
            )


def short(attribute: str) -> str:
    """A text without the URNs that everybody knows."""
    for urn in _SHORT:
        attribute = attribute.replace(urn, "…:")
    return attribute


def warnings(outcome: Outcome) -> Iterable[Text]:
    """What an outcome warns of."""
    for verdict in outcome.verdicts:
        if verdict.status is Status.WARNING:
            yield Text(f"    warning: {verdict.description}", style="yellow")


def steps(outcome: Outcome) -> Iterable[Text]:
    """How the steps came to it."""
    return told(outcome.verdicts)


def told(verdicts: Iterable[Verdict]) -> Iterable[Text]:
    """A line for each verdict."""
    for verdict in verdicts:
        details = ", ".join(f"{name}: {value}" for name, value in verdict.details.items())
        yield Text.assemble(
            (f"    {verdict.step.value:<20}", "cyan"),
            (f"{verdict.status.value:<8} ", "dim"),
            verdict.description,
            (f"  ({details})" if details else "", "dim"),
        )


def beginning(cycle: Cycle) -> None:
    """Why a cycle is an initial one, to people."""
    if cycle.reason:
        output.note(f"{cycle.kind.value.title()} cycle: {cycle.reason}.")


def summary(execution: TaskExecution) -> None:
    """A cycle in one line."""
    counts, total = execution.counts, sum(execution.requests.values())
    done = {
        "created": counts.created,
        "updated": counts.updated,
        "enabled": counts.enabled,
        "disabled": counts.disabled,
        "deleted": counts.deleted,
        **_not_done(counts),
    }
    sent = ", ".join(f"{count} {method}" for method, count in execution.requests.items())
    output.line(
        (f"{execution.cycle.kind.value.title()} cycle: ", "bold"),
        listed(done) or "nothing changed",
        (f" · {total} request{'' if total == 1 else 's'} ({sent})", "dim"),
    )


def prospect(execution: TaskExecution) -> None:
    """A plan in one line."""
    counts = execution.counts
    planned = {
        "to create": counts.created,
        "to update": counts.updated,
        "to enable": counts.enabled,
        "to disable": counts.disabled,
        "to delete": counts.deleted,
        **_not_done(counts),
    }
    output.line(
        (f"Plan, {execution.cycle.kind.value} cycle: ", "bold"), listed(planned) or "nothing to do"
    )


def listed(counted: Mapping[str, int]) -> str:
    """What was counted, in a line; zeros are left out."""
    return ", ".join(f"{count} {word}" for word, count in counted.items() if count)


def _not_done(counts: Counts) -> dict[str, int]:
    return {
        "held back": counts.staged_deletes,
        "failed": counts.escrowed,
        "skipped": counts.skipped,
    }


def _shown(value: Value, names: Mapping[str, str]) -> str:
    if isinstance(value, tuple):
        more = f" and {len(value) - _LISTED} more" if len(value) > _LISTED else ""
        return ", ".join(names.get(one, one) for one in value[:_LISTED]) + more
    if isinstance(value, bool | int) or value is None:
        return str(value)
    if value.startswith("{id of "):  # a plan's word for an id that the target has yet to give
        return value
    return names.get(value) or json.dumps(value, ensure_ascii=False)
