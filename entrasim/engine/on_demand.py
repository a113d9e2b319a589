"""Provision on demand: one object through all steps, now, the watermark untouched.

Source: learn.microsoft.com/entra/identity/app-provisioning/provision-on-demand
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from msgspec import structs

from entrasim.engine import apart, linking, naming, settle, sifting
from entrasim.engine.compiled import Flow
from entrasim.engine.steps import retaining, scoping
from entrasim.engine.work import Work
from entrasim.errors import ConfigurationError, ObjectError, UnresolvedReferenceError
from entrasim.model.connection import REFERENCE, SourceRecord
from entrasim.model.cycle import Counts, Outcome, Stage
from entrasim.model.entry import Anchor, Entry, Presence, Reading
from entrasim.model.job import Job
from entrasim.ports import Ports, Silence

MEMBERS_AT_MOST = 5  # the page's bound on the members of one call


async def provision_on_demand(
    job: Job, text: str, ports: Ports, members: Sequence[str] = ()
) -> tuple[Outcome, ...]:
    """Provision the object that bears an id, UPN, mail or display name; works while paused.

    Somebody who isn't entitled is disabled by it, as at Entra. A reference to an object
    that isn't in the target yet is left to the next cycle, and so are a group's members
    but for those that are chosen. App roles are left out. Gives the object's outcomes, and
    before them what had to be settled and failed.

    Raises:
        ConfigurationError: nobody or several bear that name, it can't be chosen, or the
            members can't.
        JobRunningError: a cycle of the job is running.
        SourceError, CycleError: as in a cycle.
    """
    async with ports.store.lock(job.id):
        watched = _Watch()
        work = await _begin(job, replace(ports, observer=watched))
        await ports.target.probe(list(work.compiled))
        found = await ports.directory.look_up(text)
        record = _read(work, retaining.retained(found, work.space.sources), text)
        chosen = {await _chosen(work, record, name) for name in members}
        if len(chosen) > MEMBERS_AT_MOST:
            raise ConfigurationError(f"choose {MEMBERS_AT_MOST} members at most")
        await _take_in(work, record)
        await _settle(work, record)
        if record.entry.anchor not in work.unsettled:
            await work.carry_out(work.space.sources[record.entry.anchor], alone=True)
            await _carry_members_out(work, record.entry.anchor, chosen)
        await ports.store.flush()
        return tuple(watched.outcomes)


class _Watch(Silence):
    """Keeps the outcomes that are logged."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []

    def outcome(self, outcome: Outcome, counts: Counts) -> None:  # noqa: ARG002 - as the port says
        """Keep it."""
        if outcome.logged:
            self.outcomes.append(outcome)


async def _begin(job: Job, ports: Ports) -> Work:
    work = await apart.begin(job, ports, "on-demand")
    work.compiled = {kind: m.without_app_roles() for kind, m in work.compiled.items()}
    return work


def _read(work: Work, reading: Reading, text: str) -> SourceRecord:
    """The object that is meant; the others say why it is entitled and whom it refers to."""
    entry = _to_be_provisioned(naming.only_one(reading, text), text, work)
    records = {e.anchor: _as_read(e, work) for e in reading.entries}
    assigned = scoping.entitlements(records, reading.assignments, work.job.scope)
    sifted = sifting.sift(records, assigned, work.compiled, {entry.anchor})
    work.entitled_by, work.refusals = sifted.entitled_by, sifted.refusals
    for anchor, other in records.items():
        entitled = anchor in work.entitled_by
        work.space.sources.setdefault(anchor, structs.replace(other, entitled=entitled))
    return SourceRecord(entry=entry, entitled=entry.anchor in work.entitled_by, pending=True)


async def _take_in(work: Work, record: SourceRecord) -> None:
    """Stage the object alone."""
    stage = Stage(sources=(record,), assignments=work.space.assignments)
    await work.ports.store.stage(work.cycle, stage)
    work.space.merge(stage.sources, stage.assignments)


async def _chosen(work: Work, record: SourceRecord, name: str) -> str:
    """The source id of a member."""
    found = await work.ports.directory.look_up(name)
    members = {m for flow in work.mapping_of(record).memberships for m in _members(record, flow)}
    named = (e.anchor.id for e in found.entries if naming.is_called(e, name))
    ids = members.intersection(named)
    if len(ids) != 1:
        many = f"several members are called {name}" if ids else f"{name} is no member"
        raise ConfigurationError(f'{many} of "{record.entry.display_name}"')
    return ids.pop()


def _members(record: SourceRecord, flow: Flow) -> tuple[str, ...]:
    return record.entry.references.get(flow.reference or "", ())


async def _carry_members_out(work: Work, anchor: Anchor, chosen: set[str]) -> None:
    """Send the chosen members; the group stays pending, for the others' sake.

    One that failed itself has its members sent with its next try.
    """
    record, began_at = work.space.sources[anchor], work.ports.clock.now()
    failed = not record.pending
    if not chosen or failed or work.link_of(record) is None or not record.effective:
        return
    try:
        for flow in work.mapping_of(record).memberships:
            await linking.carry_members_out(work, record, flow, chosen)
        _check_sent(work, record, chosen)
    except ObjectError as error:
        await work.fail(record, None, error, began_at, REFERENCE)


def _check_sent(work: Work, record: SourceRecord, chosen: set[str]) -> None:
    """See whether the chosen members could be sent.

    Raises:
        UnresolvedReferenceError: some are not in the target, or have no business there.
    """
    anchors = map(work.space.anchor_of, sorted(chosen))
    links = {anchor: work.space.connection_of(anchor) for anchor in anchors}
    absent = [anchor.id for anchor, link in links.items() if link is None or not link.managed]
    if absent:
        raise UnresolvedReferenceError(
            f"{', '.join(absent)} can't be a member of {record.entry.display_name} yet, being out "
            "of scope or not in the target; provision members first"
        )


def _as_read(entry: Entry, work: Work) -> SourceRecord:
    """An object as it is now; whether it was entitled before is remembered."""
    known = work.space.sources.get(entry.anchor)
    return SourceRecord(entry=entry, entitled=known is not None and known.entitled)


async def _settle(work: Work, record: SourceRecord) -> None:
    anchor = record.entry.anchor
    if intent := work.space.intents.get(anchor):
        await work.settle_intent(intent)
    for connection in settle.unverified([anchor], work.space, work.compiled, work.job):
        await work.verify(connection)


def _to_be_provisioned(entry: Entry, text: str, work: Work) -> Entry:
    """The object, if it can be chosen.

    Source for who can't be: the page's "Known limitations".
    """
    if entry.anchor.object_type not in work.compiled:
        kind = entry.anchor.object_type.value
        raise ConfigurationError(f'"{text}" is a {kind}, which this job does not provision')
    if entry.presence is not Presence.PRESENT or not entry.enabled:
        raise ConfigurationError(
            f'"{text}" is deleted or disabled in the directory; such objects can\'t be '
            "provisioned on demand, the next cycle deals with them"
        )
    return entry
