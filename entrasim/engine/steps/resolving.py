"""Reference resolution: from source ids to target ids."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from entrasim.engine.space import Space
from entrasim.errors import UnresolvedReferenceError
from entrasim.model.connection import Membership, ObjectConnection, SourceRecord
from entrasim.model.decision import Status, Step, Verdict
from entrasim.model.entry import Anchor, ObjectType, Value

_NAMED = 5  # of many members, so many are called by name


@dataclass(slots=True)
class Resolution:
    """What is known of an object's references.

    Attributes:
        values: the target id each attribute should hold; None where it must be cleared.
        remembered: the source ids to remember once these values are sent.
        deferred: attributes whose object is in scope, but not in the target yet.
        warnings: why a reference is left as it is.
    """

    values: dict[str, Value] = field(default_factory=dict)
    remembered: dict[str, tuple[str, ...]] = field(default_factory=dict)
    deferred: list[str] = field(default_factory=list)
    warnings: list[Verdict] = field(default_factory=list)


@dataclass(slots=True)
class MemberResolution:
    """What must happen to a group's members.

    Attributes:
        joining: who is to be added, under the target id of now.
        leaving: who is to be removed, under the target id that was sent.
        deferred: the names of those in scope, but not in the target yet.
        left_out: the names of those who are not in scope.
    """

    joining: list[Membership] = field(default_factory=list)
    leaving: list[Membership] = field(default_factory=list)
    deferred: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def warnings(self) -> tuple[Verdict, ...]:
        """Why members are left out."""
        if not self.left_out:
            return ()
        count = len(self.left_out)
        text = f"{count} left out, since they are not in scope: {named(self.left_out)}"
        return (_warning(text),)


def resolve(  # noqa: PLR0913, PLR0917 - both ends, and what is known of each
    wanted: Mapping[str, tuple[str, ...]],
    sent: Mapping[str, tuple[str, ...]],
    space: Space,
    target_url: str,
    too_new: Container[Anchor] = (),
    exporting_missing: Container[str] = (),
) -> Resolution:
    """Resolve references to objects of the target.

    `sent` are the source ids that were sent last. A link that isn't verified at the target
    URL names a stranger, perhaps, and is not used. Objects that are `too_new` wait for the
    second pass like those that are not there yet, so that what is sent does not hang on who
    was faster. A reference that is gone from the source is cleared if it was ever sent; one
    to an object that left stays as it is; one to an object that is out of scope can't be
    set, which is a warning (learn.microsoft.com/entra/identity/app-provisioning/known-issues),
    unless missing references are exported: then it clears what was sent before.
    """
    resolution = Resolution(remembered=dict(sent))
    for attribute, sources in wanted.items():
        before, missing = sent.get(attribute, ()), not sources
        if sources:
            anchor = Anchor(ObjectType.USER, sources[0])
            link = space.connection_of(anchor)
            usable = link is not None and link.target_url == target_url and anchor not in too_new
            record = space.sources.get(anchor)
            found = _point(resolution, attribute, anchor, before, link if usable else None, record)
            missing = not found and attribute in exporting_missing
            if not found and not missing:
                name = record.entry.display_name if record else anchor.id
                resolution.warnings.append(_out_of_scope(attribute, name))
        if missing and before:
            resolution.values[attribute] = None
            resolution.remembered[attribute] = ()
    return resolution


def _point(  # noqa: PLR0913, PLR0917 - both ends of a reference
    resolution: Resolution,
    attribute: str,
    anchor: Anchor,
    before: tuple[str, ...],
    connection: ObjectConnection | None,
    record: SourceRecord | None,
) -> bool:
    """Point to an object, now or once it is there; gives whether it is in scope."""
    if connection is not None and connection.managed:
        resolution.values[attribute] = connection.target_anchor
        resolution.remembered[attribute] = (anchor.id,)
    elif before == (anchor.id,):
        pass  # it left, and is still pointed to
    elif record is not None and record.effective:
        resolution.deferred.append(attribute)
    else:
        return False
    return True


def resolve_members(
    attribute: str, wanted: Iterable[str], sent: Iterable[Membership], space: Space, target_url: str
) -> MemberResolution:
    """Compare the members a group has in the source with those that were sent.

    A group's members are never read back from the target. Whoever was sent and is a member
    still stays, whatever became of them; whoever got another target object is sent again.
    """
    resolution = MemberResolution()
    before = {one.member: one for one in sent if one.attribute == attribute}
    stay: set[Anchor] = set()
    for anchor in map(space.anchor_of, wanted):
        stay.add(anchor)
        link, known = space.connection_of(anchor), before.get(anchor)
        if link is not None and link.managed and link.target_url == target_url:
            if known is None or known.target_anchor != link.target_anchor:
                resolution.joining.append(
                    Membership(attribute=attribute, member=anchor, target_anchor=link.target_anchor)
                )
        elif known is None:
            record = space.sources.get(anchor)
            waits = record is not None and record.effective
            names = resolution.deferred if waits else resolution.left_out
            names.append(record.entry.display_name if record else anchor.id)
    resolution.leaving = [one for anchor, one in before.items() if anchor not in stay]
    return resolution


def named(names: Sequence[str]) -> str:
    """Names in a sentence; of many only the first."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _out_of_scope(attribute: str, name: str) -> Verdict:
    return _warning(f"{attribute} is left as it is, since {name} is not in scope")


def _warning(description: str) -> Verdict:
    return Verdict(
        step=Step.REFERENCE_RESOLUTION,
        status=Status.WARNING,
        description=description,
        code=UnresolvedReferenceError.code,
    )
