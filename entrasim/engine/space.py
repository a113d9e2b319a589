"""The connector space while a cycle works on it: who is linked to whom, who claims what."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from entrasim.errors import DuplicateSourceError
from entrasim.model.connection import ConnectorSpace, Escrow, Intent, ObjectConnection, SourceRecord
from entrasim.model.cycle import Outcome
from entrasim.model.entry import Anchor, Assignment, ObjectType, Presence

_GONE = {Presence.PURGED, Presence.UNSEEN}


class Space:
    """A job's connector space in memory; the store is told of every change by outcomes.

    A target object is linked to one source object at most. Claims last for one cycle:
    they keep two objects that are decided side by side from taking the same thing.
    """

    def __init__(self, space: ConnectorSpace) -> None:
        self.sources: dict[Anchor, SourceRecord] = {r.entry.anchor: r for r in space.sources}
        self.assignments: tuple[Assignment, ...] = space.assignments
        self.intents: dict[Anchor, Intent] = {i.source_anchor: i for i in space.intents}
        self.escrows: dict[Anchor, Escrow] = {e.source_anchor: e for e in space.escrows}
        self._links: dict[Anchor, ObjectConnection] = {}
        self._holders: dict[tuple[ObjectType, str], Anchor] = {}
        self._claims: dict[tuple[ObjectType, str, str], Anchor] = {}
        for connection in space.connections:
            self.link(connection)

    def merge(self, records: Iterable[SourceRecord], assignments: tuple[Assignment, ...]) -> None:
        """Take over what importing found."""
        self.sources.update((record.entry.anchor, record) for record in records)
        self.assignments = assignments

    def connection_of(self, anchor: Anchor) -> ObjectConnection | None:
        """The link of a source object, if it has one."""
        return self._links.get(anchor)

    def connections(self) -> Iterable[ObjectConnection]:
        """Every link there is."""
        return self._links.values()

    def link(self, connection: ObjectConnection) -> Anchor | None:
        """Remember a link; whoever held the target object before loses it and is returned."""
        anchor = connection.source_anchor
        self.unlink(anchor)
        key = (anchor.object_type, connection.target_anchor)
        displaced = self._holders.get(key)
        if displaced is not None:
            self.unlink(displaced)
        self._links[anchor] = connection
        self._holders[key] = anchor
        return displaced

    def unlink(self, anchor: Anchor) -> None:
        """Forget a link."""
        if connection := self._links.pop(anchor, None):
            self._holders.pop((anchor.object_type, connection.target_anchor), None)

    def anchor_of(self, source_id: str) -> Anchor:
        """The user or group that bears an id; one that was never read is taken for a user."""
        group = Anchor(ObjectType.GROUP, source_id)
        return group if group in self.sources else Anchor(ObjectType.USER, source_id)

    def holder_of(
        self, target_id: str, kinds: Iterable[ObjectType] = tuple(ObjectType)
    ) -> Anchor | None:
        """The source object that is linked to a target object of one of these kinds."""
        holders = (self._holders.get((kind, target_id)) for kind in kinds)
        return next((holder for holder in holders if holder is not None), None)

    def take(self, outcome: Outcome) -> Outcome:
        """Take over what became of an object.

        The outcome is told whom it displaced, and whether its target object is another.
        """
        anchor = outcome.anchor
        if outcome.source is not None:
            self.sources[anchor] = outcome.source
        if outcome.intent_settled:
            self.intents.pop(anchor, None)
        self.escrows.pop(anchor, None)
        if outcome.escrow is not None:
            self.escrows[anchor] = outcome.escrow
        if outcome.connection is None:
            self.unlink(anchor)
            return outcome
        before = self._links.get(anchor)
        anew = before is None or before.target_anchor != outcome.connection.target_anchor
        return replace(outcome, displaced=self.link(outcome.connection), anew=anew)

    def claim_target(self, anchor: Anchor, target_id: str) -> None:
        """Claim a target object, also against the one that is linked to it.

        A link that is unmanaged, or whose source is purged, yields to the newcomer. So does one
        whose source the last full reading lacked: nobody can purge what isn't there.

        Raises:
            DuplicateSourceError: somebody else has it.
        """
        holder = self._holders.get((anchor.object_type, target_id))
        if holder is not None and holder != anchor and not self._yields(holder):
            raise self._taken(holder, f"the target's object {target_id}")
        self._claim(anchor, "id", target_id, f"the target's object {target_id}")

    def claim_value(self, anchor: Anchor, attribute: str, value: str) -> None:
        """Claim a value that must be unique, so that two newcomers don't both create it.

        Raises:
            DuplicateSourceError: another newcomer of this cycle has it.
        """
        self._claim(anchor, attribute, value, f'{attribute} "{value}"')

    def _yields(self, holder: Anchor) -> bool:
        source = self.sources.get(holder)
        gone = source is None or source.entry.presence in _GONE
        return gone or not self._links[holder].managed

    def _claim(self, anchor: Anchor, kind: str, value: str, what: str) -> None:
        claimant = self._claims.setdefault((anchor.object_type, kind, value), anchor)
        if claimant != anchor:
            raise self._taken(claimant, what)

    def _taken(self, holder: Anchor, what: str) -> DuplicateSourceError:
        source = self.sources.get(holder)
        name = source.entry.display_name if source else holder.id
        return DuplicateSourceError(
            f"{what} already belongs to {name} ({holder.id}); give one of the two another "
            f"matching value, or purge {name} if they are gone for good"
        )
