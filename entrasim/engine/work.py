"""What one cycle works with, and how it carries out its part for one object."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from msgspec.structs import replace

from entrasim.engine import settle
from entrasim.engine.compiled import CompiledMapping
from entrasim.engine.decide import decide, decide_references
from entrasim.engine.hushing import hushed
from entrasim.engine.safety import escrows
from entrasim.engine.sifting import Refusal
from entrasim.engine.space import Space
from entrasim.engine.steps import escrowing, exporting, recording
from entrasim.engine.view import View
from entrasim.errors import ObjectError
from entrasim.fan_out import fan_out
from entrasim.model.connection import REFERENCE, Intent, ObjectConnection, SourceRecord
from entrasim.model.cycle import Counts, Cycle, Outcome
from entrasim.model.decision import Create, Decision, Skip, Verdict
from entrasim.model.entry import Anchor, ObjectType
from entrasim.model.job import Job
from entrasim.ports import Ports

T = TypeVar("T")


class Work:
    """A cycle under way.

    Attributes:
        due: the objects to decide about, once settling found them.
        entitled_by: why each entitled object is.
        refusals: why the filter holds assigned objects back.
        held_back: the leavers whom the deletion guard holds back.
        deferred: objects with references that wait for the second pass, in their order.
        unsaid: those of them about which nothing else was to be said yet.
        linked_anew: objects that got a target object in this cycle.
        created: those of them whose target object is new.
        arrived: objects that came into scope in this cycle, linked anew or not.
        unsettled: objects of which it can't be told whether they are in the target.
    """

    def __init__(
        self,
        job: Job,
        cycle: Cycle,
        ports: Ports,
        space: Space,
        compiled: Mapping[ObjectType, CompiledMapping],
    ) -> None:
        self.job, self.cycle, self.ports = job, cycle, ports
        self.space, self.compiled = space, compiled
        self.counts = Counts()
        self.requests_before = dict(ports.target.requests_sent())
        self.due: list[SourceRecord] = []
        self.entitled_by: Mapping[Anchor, str] = {}
        self.refusals: Mapping[Anchor, Refusal] = {}
        self.held_back: set[Anchor] = set()
        self.deferred: dict[Anchor, None] = {}
        self.unsaid: set[Anchor] = set()
        self.linked_anew: set[Anchor] = set()
        self.created: set[Anchor] = set()
        self.arrived: set[Anchor] = set()
        self.unsettled: set[Anchor] = set()

    async def each(
        self, phase: str, subjects: Sequence[T], work: Callable[[T], Awaitable[None]]
    ) -> None:
        """Give every subject of a phase to `work`, a bounded number at a time."""
        self.ports.observer.phase(phase, len(subjects))
        width, stopping = self.job.concurrency, self.ports.stopping
        await fan_out(subjects, work, width=width, stopping=stopping)

    async def carry_out(self, record: SourceRecord, *, alone: bool = False) -> None:
        """Decide about one object, do it and record it; a failure of its own ends here.

        Nothing to do is said by the second pass, if the object waits for one; an object that
        is carried out `alone` has none.
        """
        began_at = self.ports.clock.now()
        deciding = decide(record, self.view(record))
        await self._carry_out(record, deciding, began_at, second_pass=not alone)

    async def carry_references_out(
        self, record: SourceRecord, warnings: tuple[Verdict, ...] = ()
    ) -> None:
        """The same for an object's references alone; nothing to do is said once an object."""
        began_at = self.ports.clock.now()
        deciding = decide_references(record, self.view(record), warnings)
        said = record.entry.anchor not in self.unsaid
        await self._carry_out(record, deciding, began_at, log_skips=not said, operation=REFERENCE)

    async def settle_intent(self, intent: Intent) -> None:
        """Find out what became of an interrupted create, and have its object looked at."""
        record = replace(self.space.sources[intent.source_anchor], pending=True)
        finding = settle.settle_intent(intent, self.view(record))
        await self._settle(record, finding, intent_settled=True)

    async def verify(self, connection: ObjectConnection) -> None:
        """Find a linked object at a new tenant URL; if it isn't there, it is looked at anew."""
        record = self.space.sources[connection.source_anchor]
        await self._settle(record, settle.verify(connection, self.view(record)))

    def view(self, record: SourceRecord) -> View:
        """What deciding about an object looks at."""
        return View(
            job=self.job,
            compiled=self.mapping_of(record),
            space=self.space,
            target=self.ports.target,
            entitled_by=self.entitled_by,
            refusals=self.refusals,
            held_back=self.held_back,
            linked_anew=self.linked_anew,
            created=self.created,
        )

    def mapping_of(self, record: SourceRecord) -> CompiledMapping:
        """How an object of this kind is carried over."""
        return self.compiled[record.entry.anchor.object_type]

    def name_of(self, anchor: Anchor) -> str:
        """What people call an object."""
        record = self.space.sources.get(anchor)
        return record.entry.display_name if record else anchor.id

    def link_of(self, record: SourceRecord) -> ObjectConnection | None:
        """An object's link, if it has one."""
        return self.space.connection_of(record.entry.anchor)

    async def fail(
        self,
        record: SourceRecord,
        decision: Decision | None,
        error: ObjectError,
        began_at: datetime,
        operation: str | None = None,
    ) -> None:
        """Keep an object that failed for another try; what failed is told by the decision."""
        anchor, now = record.entry.anchor, self.ports.clock.now()
        operation = operation or escrowing.operation_of(decision)
        error = hushed(error, decision, self.mapping_of(record), record.entry)
        escrow = escrows.keep(anchor, operation, error, self.space.escrows.get(anchor), now)
        link, given_up = self.link_of(record), escrows.given_up(escrow, now)
        await self.take(
            escrowing.failed(
                record, decision, error, escrow, link, began_at, now, given_up=given_up
            )
        )

    async def take(self, outcome: Outcome, *, counted: bool = True) -> None:
        """Bring an outcome into the connector space, the counts and the store."""
        before = self.space.connection_of(outcome.anchor)
        outcome = recording.without_redacted(self.space.take(outcome))
        after = outcome.connection
        if after is not None and after.managed and not (before and before.managed):
            self.arrived.add(outcome.anchor)
        if outcome.logged:
            self.unsaid.discard(outcome.anchor)
        if outcome.anew:
            self.linked_anew.add(outcome.anchor)
            if isinstance(outcome.decision, Create):
                self.created.add(outcome.anchor)
        if counted:
            recording.count(outcome, self.counts)
        await self.ports.store.record(self.cycle, outcome)
        self.ports.observer.outcome(outcome, self.counts)

    async def _carry_out(  # noqa: PLR0913 - the three ways to carry out, in one
        self,
        record: SourceRecord,
        deciding: Awaitable[Decision],
        began_at: datetime,
        *,
        log_skips: bool = True,
        second_pass: bool = False,
        operation: str | None = None,
    ) -> None:
        decision, ports = None, self.ports
        try:
            decision = await deciding
            await self._hold(record, decision, began_at)
            link = await exporting.export(decision, self.cycle, ports.target, ports.store, began_at)
        except ObjectError as error:
            await self.fail(record, decision, error, began_at, operation)
            return
        if decision.deferred:
            self.deferred[record.entry.anchor] = None
            if isinstance(decision, Skip) and second_pass:
                self.unsaid.add(record.entry.anchor)
                log_skips = False
        escrow, ended_at = self.space.escrows.get(record.entry.anchor), ports.clock.now()
        outcome = recording.done(
            record, decision, link, escrow, began_at=began_at, ended_at=ended_at
        )
        await self.take(outcome if log_skips else recording.without_quiet_skip(outcome))

    async def _hold(self, record: SourceRecord, decision: Decision, began_at: datetime) -> None:
        """Commit the link through which somebody is let in, before they are."""
        link = exporting.link_ahead(decision, self.link_of(record))
        if link is None:
            return
        self.ports.observer.more(1)
        escrow, ended_at = self.space.escrows.get(record.entry.anchor), self.ports.clock.now()
        await self.take(
            recording.settled(
                record, link, escrow, began_at=began_at, ended_at=ended_at, intent_settled=False
            )
        )
        await self.ports.store.flush()

    async def _settle(
        self,
        record: SourceRecord,
        finding: Awaitable[ObjectConnection | None],
        *,
        intent_settled: bool = False,
    ) -> None:
        """Keep what settling found; an object that can't be settled is left alone."""
        began_at = self.ports.clock.now()
        try:
            link = await finding
        except ObjectError as error:
            self.unsettled.add(record.entry.anchor)
            await self.fail(record, None, error, began_at)
            return
        await self.take(
            recording.settled(
                replace(record, pending=record.pending or link is None),
                link,
                self.space.escrows.get(record.entry.anchor),
                began_at=began_at,
                ended_at=self.ports.clock.now(),
                intent_settled=intent_settled,
            )
        )
