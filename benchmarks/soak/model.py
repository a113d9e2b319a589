"""The rules, as plainly as they can be written: what the target must hold after each reading.

This module imports nothing of entrasim, and knows nothing of requests, failures, escrows or
kills. It is told of each reading that was carried out to the end, and keeps for every source
object the record that the target must hold. The rules are those of Microsoft's pages, named
beside each (docs = learn.microsoft.com/entra/identity/app-provisioning).

Some of the target's state hangs on history: a null doesn't clear, so that the value sent last
stays; who was unassigned before being deleted gets no DELETE; a manager who was out of scope is
not made up for later. Two things keep the model from having to guess, or from becoming a second
engine:

- In *calm* days, without faults, every cycle succeeds. The model takes each cycle's reading, and
  whatever may happen to a person does happen, in any order.
- In a *storm* nobody but the engine knows which change got through at which moment. The model
  takes the last reading alone, once everything has come due again. The company's life does in a
  storm only what ends in the same state whichever of its readings were carried out: who was
  touched in it doesn't leave in it, nothing of theirs is cleared, and nobody takes part whose
  references or record hang on the moment at which they are looked at (`unhealed`, `orphans`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from benchmarks.soak.tenant import RECYCLE_BIN, Group, Person, Reading

GONE = "a record that is gone"


@dataclass(eq=False, slots=True)
class Record:
    """What the target holds of a person or a group."""

    is_group: bool
    values: dict[str, str] = field(default_factory=dict)
    active: bool = True
    manager: Record | None = None
    members: set[Record] = field(default_factory=set)
    gone: bool = False

    @property
    def name(self) -> str:
        """What nobody else in the target is called."""
        return GONE if self.gone else self.values["displayName" if self.is_group else "userName"]

    def shown(self) -> dict[str, object]:
        """The record in words that can be compared."""
        shown: dict[str, object] = dict(self.values)
        if self.is_group:
            return {**shown, "members": sorted(member.name for member in self.members)}
        shown["active"] = self.active
        return shown if self.manager is None else {**shown, "manager": self.manager.name}


@dataclass(slots=True)
class Link:
    """Which record is whose, and the references that were sent for it."""

    record: Record
    managed: bool = True
    manager: str | None = None
    members: dict[str, Record] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """An object as a reading shows it; one that was purged stands nowhere."""

    of: Person | Group
    entitled: bool

    @property
    def deleted(self) -> bool:
        """Whether it lies in the recycle bin."""
        return isinstance(self.of, Person) and self.of.deleted_at is not None

    @property
    def effective(self) -> bool:
        """Whether it should have access (docs/how-provisioning-works#scoping)."""
        enabled = isinstance(self.of, Group) or self.of.enabled
        return self.entitled and enabled and not self.deleted


class Rules:
    """The target as it must be."""

    def __init__(self, threshold: int) -> None:
        self.links: dict[str, Link] = {}
        self.staged: set[str] = set()
        self.guarded = False
        self.refused: set[str] = set()
        self.records: list[Record] = []
        self._threshold = threshold
        self._standings: dict[str, Standing] = {}

    def take(
        self,
        reading: Reading,
        at: datetime,
        *,
        everyone: bool = False,
        allowed: bool = False,
        guard: bool = True,
    ) -> None:
        """Carry a reading out, of everyone or of who changed.

        `allowed` lets go who was staged; without a `guard` nobody is held back, as after an
        operator has allowed everything.
        """
        before, self._standings = self._standings, _standings(reading, at)
        due = {k for k, s in self._standings.items() if everyone or before.get(k) != s}
        due |= self.refused | self.staged
        self.refused = set()
        self._see_off(allowed=allowed, guard=guard)
        arriving = [k for k in self._standings if k in due and self._is_effective(k)]
        linked = [known for known in arriving if known in self.links]
        newcomers = [known for known in arriving if known not in self.links]
        welcomed = [known for known in (*linked, *newcomers) if self._welcome(known)]
        for known in welcomed:
            self._point(known)

    def restart(self) -> None:
        """The guard's quarantine ends; the next reading is to be taken for everyone."""
        self.guarded = False

    def forget(self) -> None:
        """Links are lost; records stay (docs: restart with ConnectorDataStore)."""
        self.links, self.staged, self.guarded = {}, set(), False
        self._standings, self.refused = {}, set()

    def expected(self) -> dict[str, dict[str, object]]:
        """Every record of the target by its name."""
        return {record.name: record.shown() for record in self.records}

    def unhealed(self) -> set[str]:
        """Who refers to somebody without the target knowing, and to whom."""
        found: set[str] = set()
        for known, link in self.links.items():
            standing = self._standings.get(known)
            of = standing.of if standing else None
            if isinstance(of, Person) and of.manager != link.manager:
                found |= {known, of.manager or known}
            if isinstance(of, Group):
                missing = set(of.members) ^ link.members.keys()
                found |= {known, *missing} if missing else set()
        return found

    def orphans(self, mails: Mapping[str, str | None]) -> set[str]:
        """Who has no link, but would find a record by the mail address that they have."""
        names = {record.name for record in self.records}
        return {known for known in mails.keys() - self.links.keys() if mails[known] in names}

    def _is_effective(self, known: str) -> bool:
        standing = self._standings.get(known)
        return standing is not None and standing.effective

    def _see_off(self, *, allowed: bool, guard: bool) -> None:
        """Disable who left, delete who is gone for good; hold back too many at once.

        docs/how-provisioning-works#deprovisioning, docs/accidental-deletions.
        """
        leavers = {known for known, link in self.links.items() if self._leaves(known, link)}
        counted = leavers - self.staged if allowed else leavers
        waits = self.guarded and not allowed and bool(leavers & self.staged)
        too_many = waits or len(counted) > self._threshold
        self.staged = counted if guard and too_many else set()
        self.guarded = bool(self.staged)
        for known, link in list(self.links.items()):
            if known not in self.staged and not self._is_effective(known):
                self._let_go(known, link)

    def _leaves(self, known: str, link: Link) -> bool:
        if not link.managed or self._is_effective(known):
            return False
        return link.record.active or known not in self._standings

    def _let_go(self, known: str, link: Link) -> None:
        standing = self._standings.get(known)
        if link.record.is_group or (standing is None and link.managed):
            # A group knows no disable; a purge of somebody managed is a DELETE.
            self._remove(link.record)
            del self.links[known]
        elif standing is not None:
            link.record.active = False
            # Unassigned while still there: from now on nobody's business, not even its purge.
            link.managed = link.managed and (standing.entitled or standing.deleted)

    def _remove(self, record: Record) -> None:
        record.gone = True
        self.records.remove(record)
        for other in self.records:
            other.members.discard(record)  # the target forgets memberships of who is gone

    def _welcome(self, known: str) -> bool:
        """Match or create who is new, enable who is back, and send every value that isn't null."""
        of = self._standings[known].of
        values = _mapped(of)
        if known not in self.links and not self._link(
            known, values, is_group=isinstance(of, Group)
        ):
            self.refused.add(known)
            return False
        link = self.links[known]
        link.managed = link.record.active = True
        link.record.values.update(values)
        return True

    def _link(self, known: str, values: dict[str, str], *, is_group: bool) -> bool:
        """Take over the record of the same matching value, or make one; no if it is taken.

        Whoever is unmanaged, or gone for good, yields.
        """
        name = values.get("displayName" if is_group else "userName")
        if name is None:
            return False
        same = (r for r in self.records if r.is_group is is_group and r.name == name)
        record = next(same, None)
        if record is None:
            record = Record(is_group)
            self.records.append(record)
        holder = next((k for k, link in self.links.items() if link.record is record), None)
        if holder is not None:
            if self.links[holder].managed and holder in self._standings:
                return False
            del self.links[holder]
            self.staged.discard(holder)
        self.links[known] = Link(record)
        return True

    def _point(self, known: str) -> None:
        """Send the references of an object that was written just now (docs/known-issues).

        One that is gone from the source is taken back; one to somebody out of scope stays
        as it is.
        """
        link, of = self.links[known], self._standings[known].of
        if isinstance(of, Group):
            for member in link.members.keys() - set(of.members):
                link.record.members.discard(link.members.pop(member))
            for member in of.members:
                if record := self._referred(known, member):
                    link.members[member] = record
                    link.record.members.add(record)
        elif of.manager is not None:
            if record := self._referred(known, of.manager):
                link.record.manager, link.manager = record, of.manager
        elif link.manager is not None:
            link.record.manager = link.manager = None

    def _referred(self, known: str, to: str) -> Record | None:
        link = self.links.get(to)
        if link is not None and link.managed:
            return link.record
        if self._is_effective(to):
            self.refused.add(known)  # in scope, but refused for now
        return None


def _standings(reading: Reading, at: datetime) -> dict[str, Standing]:
    """Who stands how; the recycle bin is emptied after thirty days."""
    entitled = reading.entitled()
    objects: Iterable[Person | Group] = (*reading.people.values(), *reading.groups.values())
    return {
        one.id: Standing(one, one.id in entitled)
        for one in objects
        if isinstance(one, Group) or one.deleted_at is None or one.deleted_at + RECYCLE_BIN > at
    }


def _mapped(of: Person | Group) -> dict[str, str]:
    """The default mapping, as Engagedly's page changes it; a null is not sent."""
    if isinstance(of, Group):
        return {"externalId": of.id, "displayName": of.name}
    values = {
        "externalId": of.id,
        "userName": of.mail,
        "displayName": of.display_name,
        "title": of.title,
        "emails.work": of.mail,
        "name.givenName": of.given_name,
        "name.familyName": of.surname,
        "name.formatted": of.display_name,
        "addresses.work.locality": of.city,
        "phoneNumbers.mobile": of.mobile,
        "employeeNumber": of.employee_id,
        "department": of.department,
    }
    return {name: value for name, value in values.items() if value is not None}
