"""Drift, for people in the look of a plan and for machines as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from entrasim.cli import output, story
from entrasim.model.drift import Drift, DriftKind, DriftReport, Healing, Uncompared, Unknown

Json = dict[str, Any]

_SIGNS: dict[DriftKind, tuple[str, str]] = {
    DriftKind.CHANGED: ("~", "yellow"),
    DriftKind.MEMBERS: ("~", "yellow"),
    DriftKind.DEACTIVATED: ("↓", "red"),
    DriftKind.REACTIVATED: ("↑", "red"),
    DriftKind.MISSING: ("-", "bold red"),
    DriftKind.REPLACED: ("-", "bold red"),
}


def as_json(report: DriftReport, healing: Healing | None, *, explain: bool) -> Json:
    """The report as `drift --json` prints it; `unmanaged` and steps on request."""
    found: Json = {
        "drifted": [_drift(drift, explain=explain) for drift in report.drifted],
        "pending": [_uncompared(one) for one in report.pending],
        "errors": [_error(one) for one in report.errors],
        "checked": report.checked,
        "healed": 0,
        "cycleRunning": report.running,
    }
    if report.unknown is not None:
        found["unknown"] = [_unknown(one) for one in report.unknown]
    if explain:
        found["unmanaged"] = [_uncompared(one) for one in report.unmanaged]
    if healing is not None:
        failed = [_error(one) for one in healing.failed]
        found |= {"healed": healing.healed, "failed": failed, "stagedDeletes": healing.held_back}
    return found


def show(report: DriftReport, healing: Healing | None, *, explain: bool) -> None:
    """The report as a diff, from what the target holds to what it should."""
    if report.running:
        output.note(
            "A cycle of this job is running, or was killed: what it does may show as drift."
        )
    for drift in report.drifted:
        _show_drift(drift, report.names, explain=explain)
    for one in (*report.errors, *(healing.failed if healing else ())):
        _line("✗", "failed", "red", one.display_name, f"{one.code}: {one.reason}")
    for unknown in report.unknown or ():
        _line("?", "unknown", "magenta", unknown.display_name, _told_of(unknown))
    if explain:
        for word, several in (("pending", report.pending), ("unmanaged", report.unmanaged)):
            for one in several:
                _line("·", word, "dim", one.display_name, one.reason)
    _summary(report, healing)
    _advise(report, healing)


def _show_drift(drift: Drift, names: Mapping[str, str], *, explain: bool) -> None:
    sign, style = _SIGNS[drift.kind]
    _line(sign, drift.kind.value, style, drift.display_name, story.short(drift.reason))
    texts = story.told(drift.verdicts) if explain else ()
    for text in (*texts, *story.changed(drift.changes, names)):
        output.show(text)


def _line(sign: str, word: str, style: str, name: str, told: str) -> None:
    name = " ".join(name.split())
    output.line((f"{sign} {word:<12}", style), (f"{name:<28}", "bold"), (f" {told}", "dim"))


def _summary(report: DriftReport, healing: Healing | None) -> None:
    counted = {
        "drifted": len(report.drifted),
        "healed": healing.healed if healing else 0,
        "held back": healing.held_back if healing else 0,
        "failed": len(report.errors) + len(healing.failed if healing else ()),
        "pending": len(report.pending),
        "unknown": len(report.unknown or ()),
    }
    many = f"{report.checked} object{'' if report.checked == 1 else 's'} compared: "
    output.line((many, "bold"), story.listed(counted) or "nothing drifted")


def _advise(report: DriftReport, healing: Healing | None) -> None:
    """Say what to do next."""
    if healing is None:
        if report.drifted:
            output.note("Nothing was written; bring it back: entrasim drift --heal")
    elif healing.held_back:
        output.note(
            "Leavers are held back, since too many would leave at once. If that is right, say\n"
            "`entrasim job restart --reset ForceDeletes` and sync."
        )
    elif healing.failed:
        output.note("What failed is tried again in the next cycle: entrasim logs --status failure")


def _drift(drift: Drift, *, explain: bool) -> Json:
    steps = [
        {"step": v.step.value, "status": v.status.value, "description": v.description}
        for v in drift.verdicts
    ]
    return {
        **_who(drift),
        "targetId": drift.target_id,
        "kind": drift.kind.value,
        "reason": drift.reason,
        "changes": [
            {"attribute": c.attribute, "from": c.before, "to": c.after} for c in drift.changes
        ],
        **({"steps": steps} if explain else {}),
    }


def _uncompared(one: Uncompared) -> Json:
    return {**_who(one), "reason": one.reason}


def _error(one: Uncompared) -> Json:
    return {**_who(one), "code": one.code, "message": one.reason}


def _who(one: Drift | Uncompared) -> Json:
    return {
        "objectType": one.anchor.object_type.value,
        "sourceId": one.anchor.id,
        "displayName": one.display_name,
    }


def _unknown(one: Unknown) -> Json:
    return {
        "objectType": one.object_type.value,
        "targetId": one.target_id,
        "displayName": one.display_name,
        "duplicateOf": one.duplicates.anchor.id if one.duplicates else None,
    }


def _told_of(one: Unknown) -> str:
    same = f"; {one.duplicates.display_name} is linked to another" if one.duplicates else ""
    return f"{one.object_type.value} {one.target_id}{same}"
