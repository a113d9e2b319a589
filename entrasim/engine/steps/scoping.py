"""Scoping: decide whether an object may be provisioned at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from entrasim.engine.filtering import Miss
from entrasim.engine.sifting import Refusal
from entrasim.errors import SourceObjectError
from entrasim.model.connection import SourceRecord
from entrasim.model.decision import Status, Step, Verdict
from entrasim.model.entry import Anchor, Assignment, Entry, ObjectType, Presence
from entrasim.model.job import Scope

NOT_ENTITLED = "NotEffectivelyEntitled"

_ENTITLING = frozenset({Presence.PRESENT, Presence.UNSEEN})


def entitlements(
    records: Mapping[Anchor, SourceRecord], assignments: Iterable[Assignment], scope: Scope
) -> dict[Anchor, str]:
    """Say of every entitled object by what it is: its own assignment, a group, or the scope.

    Direct members of an assigned group are entitled; groups among its members are not
    descended into (learn.microsoft.com/entra/identity/app-provisioning/how-provisioning-works).
    A soft-deleted object keeps the assignments it had. So does a group that a full reading
    doesn't show, where absence tells nothing: its members keep their access as long as the
    assignment is there.
    """
    if scope is Scope.ALL:
        return dict.fromkeys(records, "everybody is in scope")
    entitled: dict[Anchor, str] = {}
    for assignment in assignments:
        user = Anchor(ObjectType.USER, assignment.principal_id)
        group = records.get(Anchor(ObjectType.GROUP, assignment.principal_id))
        if user in records:
            entitled[user] = "assigned directly"
        elif group is not None and group.entry.presence in _ENTITLING:
            entitled[group.entry.anchor] = "assigned directly"
            for member in group.entry.references.get("members", ()):
                by = f"member of {group.entry.display_name}"
                entitled.setdefault(Anchor(ObjectType.USER, member), by)
    return entitled


def in_scope(entry: Entry, entitled_by: str | None, refusal: Refusal | None = None) -> Verdict:
    """Explain whether an object should have access to the application.

    Raises:
        SourceObjectError: it can't be told, since its filter can't be evaluated.
    """
    if isinstance(refusal, SourceObjectError):
        raise refusal
    misses = refusal or ()
    details = {
        "active in the source": str(entry.presence is Presence.PRESENT and entry.enabled),
        "assigned to the application": str(entitled_by is not None or bool(misses)),
        **{miss.asked: miss.found for miss in misses},
    }
    if why_not := _why_not(entry, entitled_by, misses):
        return Verdict(
            step=Step.SCOPING,
            status=Status.SKIPPED,
            description=why_not,
            details=details,
            code=NOT_ENTITLED,
        )
    return Verdict(
        step=Step.SCOPING,
        status=Status.SUCCESS,
        description=f"In scope: {entitled_by}",
        details=details,
    )


def _why_not(entry: Entry, entitled_by: str | None, misses: tuple[Miss, ...]) -> str | None:
    match entry.presence:
        case Presence.PURGED:
            return "Deleted from the directory for good"
        case Presence.SOFT_DELETED:
            return "Deleted in the directory"
        case Presence.MISSING:
            return "Missing from the directory; taken as deleted, but not for good"
        case Presence.UNSEEN:
            return "Not in the full reading of the directory, which can't say why; left as it is"
        case Presence.PRESENT:
            pass
    if misses:
        return "Filtered out: " + "; ".join(f"{miss.asked} ({miss.found})" for miss in misses)
    if entitled_by is None:
        return "Not assigned to the application"
    return None if entry.enabled else "The account is disabled in the directory"
