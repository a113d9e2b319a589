"""Provision on demand: one object through all steps, now, the watermark untouched.

Source: learn.microsoft.com/entra/identity/app-provisioning/provision-on-demand
"""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from entrasim.engine import settle
from entrasim.engine.compiled import compile_schema
from entrasim.engine.space import Space
from entrasim.engine.steps import scoping
from entrasim.engine.work import Work
from entrasim.errors import ConfigurationError
from entrasim.model.connection import SourceRecord
from entrasim.model.cycle import Counts, Cycle, CycleKind, Outcome, Stage
from entrasim.model.entry import Entry, Presence, Reading
from entrasim.model.job import Job
from entrasim.ports import Ports


async def provision_on_demand(job: Job, text: str, ports: Ports) -> tuple[Outcome, ...]:
    """Provision the object that bears an id, UPN, mail or display name; works while paused.

    Somebody who isn't entitled is disabled by it, as at Entra. A reference to an object
    that isn't in the target yet is left to the next cycle. Gives the object's outcome, and
    before it what had to be settled and failed.

    Raises:
        ConfigurationError: nobody or several bear that name, or it can't be chosen.
        JobRunningError: a cycle of the job is running.
        SourceError, CycleError: as in a cycle.
    """
    async with ports.store.lock(job.id):
        watched = _Watch()
        work = await _begin(job, replace(ports, observer=watched))
        await ports.target.probe(list(work.compiled))
        record = await _take_in(work, await ports.directory.look_up(text), text)
        await _settle(work, record)
        if record.entry.anchor not in work.unsettled:
            await work.carry_out(work.space.sources[record.entry.anchor])
        await ports.store.flush()
        return tuple(watched.outcomes)


class _Watch:
    """Keeps the outcomes that are logged."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []

    def phase(self, name: str, total: int) -> None:
        """One object has no phases worth showing."""

    def outcome(self, outcome: Outcome, counts: Counts) -> None:  # noqa: ARG002 - as the port says
        """Keep it."""
        if outcome.logged:
            self.outcomes.append(outcome)


async def _begin(job: Job, ports: Ports) -> Work:
    began_at = ports.clock.now()
    state = await ports.store.job_state(job)
    job = structs.replace(job, scope=state.scope or job.scope)
    cycle = Cycle(
        id=f"on-demand-{began_at:%Y%m%dT%H%M%S.%fZ}",
        job_id=job.id,
        kind=CycleKind.INCREMENTAL,
        began_at=began_at,
    )
    space = Space(await ports.store.connector_space(job.id))
    return Work(job, cycle, ports, space, compile_schema(job.schema))


async def _take_in(work: Work, reading: Reading, text: str) -> SourceRecord:
    """Stage the object alone; the others say why it is entitled and whom it refers to."""
    entry = _only_one(reading, text, work)
    records = {e.anchor: SourceRecord(entry=e) for e in reading.entries}
    work.entitled_by = scoping.entitlements(records, reading.assignments, work.job.scope)
    for anchor, other in records.items():
        entitled = anchor in work.entitled_by
        work.space.sources.setdefault(anchor, structs.replace(other, entitled=entitled))
    record = SourceRecord(entry=entry, entitled=entry.anchor in work.entitled_by, pending=True)
    stage = Stage(sources=(record,), assignments=work.space.assignments)
    await work.ports.store.stage(work.cycle, stage)
    work.space.merge(stage.sources, stage.assignments)
    return record


async def _settle(work: Work, record: SourceRecord) -> None:
    anchor = record.entry.anchor
    if intent := work.space.intents.get(anchor):
        await work.settle_intent(intent)
    for connection in settle.unverified([anchor], work.space, work.job):
        await work.verify(connection)


def _only_one(reading: Reading, text: str, work: Work) -> Entry:
    """The one object that is meant.

    Source for who can't be chosen: the page's "Known limitations".
    """
    wanted = text.casefold()
    named = [entry for entry in reading.entries if wanted in _names(entry)]
    if not named:
        raise ConfigurationError(f'nobody in the directory is called "{text}"')
    if len(named) > 1:
        ids = ", ".join(entry.anchor.id for entry in named)
        raise ConfigurationError(f'several objects are called "{text}"; choose one by id: {ids}')
    entry = named[0]
    if entry.anchor.object_type not in work.compiled:
        kind = entry.anchor.object_type.value
        raise ConfigurationError(f'"{text}" is a {kind}, which this job does not provision')
    if entry.presence is not Presence.PRESENT or not entry.enabled:
        raise ConfigurationError(
            f'"{text}" is deleted or disabled in the directory; such objects can\'t be '
            "provisioned on demand, the next cycle deals with them"
        )
    return entry


def _names(entry: Entry) -> set[str]:
    """Everything an object can be called by, without case."""
    properties = (entry.properties.get(n) for n in ("userPrincipalName", "mail", "displayName"))
    return {str(name).casefold() for name in (entry.anchor.id, *properties) if name is not None}
