"""Reference resolution: from source ids to target ids."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from entrasim.engine.space import Space
from entrasim.errors import UnresolvedReferenceError
from entrasim.model.connection import ObjectConnection, SourceRecord
from entrasim.model.decision import Status, Step, Verdict
from entrasim.model.entry import Anchor, ObjectType, Value


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


def resolve(
    wanted: Mapping[str, tuple[str, ...]],
    sent: Mapping[str, tuple[str, ...]],
    space: Space,
    target_url: str,
    too_new: Container[Anchor] = (),
) -> Resolution:
    """Resolve references to objects of the target.

    `sent` are the source ids that were sent last. A link that isn't verified at the target
    URL names a stranger, perhaps, and is not used. Objects that are `too_new` wait for the
    second pass like those that are not there yet, so that what is sent does not hang on who
    was faster. A reference that is gone from the
    source is cleared if it was ever sent; one to an object that left stays as it is; one
    to an object that is out of scope can't be set, which is a warning
    (learn.microsoft.com/entra/identity/app-provisioning/known-issues).
    """
    resolution = Resolution(remembered=dict(sent))
    for attribute, sources in wanted.items():
        before = sent.get(attribute, ())
        if sources:
            anchor = Anchor(ObjectType.USER, sources[0])
            link = space.connection_of(anchor)
            usable = link is not None and link.target_url == target_url and anchor not in too_new
            record = space.sources.get(anchor)
            _point(resolution, attribute, anchor, before, link if usable else None, record)
        elif before:
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
) -> None:
    if connection is not None and connection.managed:
        resolution.values[attribute] = connection.target_anchor
        resolution.remembered[attribute] = (anchor.id,)
    elif before == (anchor.id,):
        return
    elif record is not None and record.effective:
        resolution.deferred.append(attribute)
    else:
        name = record.entry.display_name if record else anchor.id
        resolution.warnings.append(_out_of_scope(attribute, name))


def _out_of_scope(attribute: str, name: str) -> Verdict:
    return Verdict(
        step=Step.REFERENCE_RESOLUTION,
        status=Status.WARNING,
        description=f"{attribute} is left as it is, since {name} is not in scope",
        code=UnresolvedReferenceError.code,
    )
