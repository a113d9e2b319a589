"""The company while things happen to it: who may do what, and what was done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from random import Random
from uuid import UUID

from benchmarks.soak.model import Rules
from benchmarks.soak.tenant import RECYCLE_BIN, Group, Person, Tenant

TITLES = ("Engineer", "Analyst", "Accountant", "Recruiter", "Architect", "Nurse", "Editor")
DEPARTMENTS = ("Engineering", "Finance", "People", "Sales", "Care", "Legal", "Research")
CITIES = ("London", "Pune", "Bengaluru", "Austin", "Kraków", "São Paulo", "Zürich")
NAMES = ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Niklaus", "Tony", "Frances", "Zoë")
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
OUT_OF_SCOPE = 0.1  # the share of new managers, on calm days, who aren't in the target


class Company:
    """A tenant and its people.

    Attributes:
        size: how many people it employs, about.
        now: the moment at which things happen.
        stormy: whether what happens must not hang on which cycles came through.
        done: how often each kind of thing happened.
        told: what happened to whom, for people.
        superseded: people whose mail address somebody else has; they never come back.
        alumni: people who were purged.
    """

    def __init__(self, size: int, rules: Rules, chance: Random) -> None:
        self.tenant, self.rules, self.size, self.chance = Tenant(), rules, size, chance
        self.now, self.stormy = BEGIN, False
        self.done: Counter[str] = Counter()
        self.told: defaultdict[str, list[str]] = defaultdict(list)
        self.superseded: set[str] = set()
        self.alumni: list[Person] = []
        self.unsure: set[str] = set()
        self._numbers = count(1)
        self._touched: dict[str, str] = {}
        self._pinned: set[str] = set()
        self._fresh: set[str] = set()
        self._frozen: set[str] = set()

    def begin(self, *, stormy: bool) -> None:
        """A new stretch of days; everything before it has reached the target."""
        self.stormy, self._touched = stormy, {}
        mails = {person.id: person.mail for person in self.tenant.people.values()}
        self._frozen = self.rules.unhealed() | self.rules.orphans(mails) if stormy else set()

    def carried_out(self) -> None:
        """A cycle came through."""
        self._pinned, self._fresh = set(), set()
        self.unsure -= self.rules.links.keys()

    # Who may do what.

    def may_leave(self, known: str) -> bool:
        """Whether somebody may leave, or lose something, with one outcome only."""
        calm = not self.stormy or not (known in self._touched or known in self._frozen)
        return calm and known not in self._pinned

    def may_change(self, known: str) -> bool:
        """Whether somebody may get something new."""
        return known not in self._frozen

    def may_return(self, person: Person) -> bool:
        """Whether somebody may get access, or get it back.

        In a storm their manager must be sure to be there when they are written.
        """
        if person.id in self.superseded or person.id in self._frozen:
            return False
        boss = self.tenant.people.get(person.manager or "")
        return not self.stormy or boss is None or self._is_there(boss)

    def may_be_purged(self, known: str) -> bool:
        """Whether a purge has one outcome: after a deletion it has, after an unassignment not."""
        return self.may_leave(known) or self._touched.get(known) == "delete"

    def is_sure(self, known: str) -> bool:
        """Whether the target takes somebody, so that others may refer to them."""
        return known not in self.unsure

    def is_expired(self, person: Person) -> bool:
        """Whether the recycle bin has been emptied of somebody."""
        return person.deleted_at is not None and person.deleted_at + RECYCLE_BIN <= self.now

    # Who is there.

    def people(self, who: Callable[[Person], bool], *, deleted: bool = False) -> list[Person]:
        """The people of a kind, there or in the recycle bin."""
        everybody = self.tenant.people.values()
        return [p for p in everybody if (p.deleted_at is not None) is deleted and who(p)]

    def one(self, who: Callable[[Person], bool], *, deleted: bool = False) -> Person | None:
        """One of the people of a kind, by chance."""
        found = self.people(who, deleted=deleted)
        return self.chance.choice(found) if found else None

    def group(self, which: Callable[[Group], bool] = lambda _: True) -> Group | None:
        """One of the groups of a kind, or of all, by chance."""
        groups = [g for g in self.tenant.groups.values() if g.id not in self._frozen and which(g)]
        return self.chance.choice(groups) if groups else None

    def entitled(self) -> frozenset[str]:
        """Who is assigned."""
        return self.tenant.reading().entitled()

    def effective(self) -> set[str]:
        """Who should have access."""
        entitled = self.entitled()
        return {p.id for p in self.people(lambda p: p.id in entitled and p.enabled)}

    def linked(self) -> set[str]:
        """Who has a record in the target."""
        return set(self.rules.links)

    def boss(self) -> str | None:
        """Somebody to report to, sure to be in the target; on calm days not always."""
        if not self.stormy and self.chance.random() < OUT_OF_SCOPE:
            entitled = self.entitled()
            managed = {k for k, link in self.rules.links.items() if link.managed}
            outside = self.one(lambda p: p.id not in entitled and p.id not in managed)
            return outside.id if outside else None
        there = self.effective() & (self.linked() | self._fresh)
        found = self.one(lambda p: p.id in there and self.may_leave(p.id))
        if found is None:
            return None
        self.touch(found.id, "boss")
        return found.id

    # What is done.

    def touch(self, known: str, how: str) -> None:
        """Remember that somebody had a part in this stretch; it counts in a storm."""
        self._touched[known] = how

    def arrive(self, person: Person) -> None:
        """Somebody gets access; whom they report to stays meanwhile."""
        if person.manager is not None:
            self._touched.setdefault(person.manager, "boss")

    def pin(self, known: str) -> None:
        """Keep somebody from leaving before the next cycle."""
        self._pinned.add(known)

    def change(self, person: Person) -> None:
        """Change a person."""
        self.tenant.people[person.id] = person

    def tell(self, known: str, kind: str, text: str = "", *, counted: bool = True) -> bool:
        """Remember what happened to whom."""
        self.touch(known, kind)
        if counted:
            self.done[kind] += 1
        self.told[known].append(f"{self.now:%Y-%m-%d %H:%M} {kind} {text}".rstrip())
        return True

    def tell_all(self, group: Group, kind: str) -> bool:
        """Remember it of a group, and of everybody in it."""
        for member in group.members:
            self.tell(member, kind, f"by {group.id}", counted=False)
        return self.tell(group.id, kind)

    def join(self, person: Person, kind: str, *, assigned: bool) -> Person:
        """Add somebody with a manager."""
        person = replace(person, manager=self.boss())
        self.change(person)
        if assigned:
            self.tenant.assigned.add(person.id)
        self.tell(person.id, kind, f"{person.mail} under {person.manager}")
        return person

    def hired(self, person: Person) -> None:
        """Somebody whom the next cycle creates, so that others may report to them."""
        self._fresh.add(person.id)

    def form(self, members: Iterable[str], *, assigned: bool) -> None:
        """Make a group."""
        known = self._id()
        group = Group(known, f"Team {self.number()}", tuple(members))
        self.tenant.groups[known] = group
        if assigned:
            self.tenant.assigned.add(known)
        self.tell_all(group, "form group")

    def purge(self, person: Person, kind: str) -> bool:
        """Take somebody out for good."""
        for report in self.people(lambda p: p.manager == person.id):
            self.tell(report.id, "lost their manager", counted=False)
        self.tenant.purge(person.id)
        self.alumni.append(person)
        return self.tell(person.id, kind)

    def number(self) -> int:
        """A number that nobody has yet."""
        return next(self._numbers)

    def newcomer(self) -> Person:
        """Somebody nobody has seen yet."""
        pick, number = self.chance.choice, self.number()
        given = pick(NAMES)
        mail = f"{given.lower()}.{number}@contoso.com"
        return Person(
            id=self._id(),
            upn=mail,
            mail=mail,
            given_name=given,
            surname=f"Example{number}",
            title=pick(TITLES),
            department=pick(DEPARTMENTS),
            city=pick(CITIES),
            mobile=f"+44 20 {self.chance.randrange(10**6)}",
            employee_id=str(number),
        )

    def _is_there(self, person: Person) -> bool:
        there = person.id in self.rules.links and self.is_sure(person.id)
        return there and person.id in self.effective()

    def _id(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128), version=4))
