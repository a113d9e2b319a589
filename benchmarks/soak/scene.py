"""Where a soak takes place: the company, the service and the rules, and what is found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from benchmarks.soak import life, weather
from benchmarks.soak.company import BEGIN, Company
from benchmarks.soak.comparing import Difference, differences
from benchmarks.soak.life import changes, departures, returns
from benchmarks.soak.model import Rules
from benchmarks.soak.plan import Plan
from benchmarks.soak.service import Service

STRETCH = timedelta(days=3)
LEAST_HAPPENINGS, SHARE = 6, 50
HASTE = 0.4  # of what is late
ANEW = ("QuarantineState Watermark Escrows", "Watermark QuarantineState")
"""The scopes of a restart that forgets no links."""


@dataclass(slots=True)
class Scene:
    """Everything that takes part.

    Attributes:
        mass: the groups of whom more left at once than may, as long as nobody has decided.
        everyone: whether the next reading is to be carried out for everyone.
        allowed: whether staged leavers may go with it.
        differing: where the target isn't what the rules say.
        wrong: what else was not as it must be.
        happened: what befell the service, by kind.
        comparisons: how often the target was compared with the rules.
    """

    plan: Plan
    service: Service
    company: Company
    folder: Path
    mass: tuple[str, ...] = ()
    everyone: bool = False
    allowed: bool = False
    differing: list[Difference] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    comparisons: int = 0

    @property
    def rules(self) -> Rules:
        """What the target must be."""
        return self.company.rules

    @property
    def chance(self) -> Random:
        """What decides about everything that may or may not happen."""
        return self.company.chance

    @property
    def failed(self) -> bool:
        """Whether anything was found; then the soak is over."""
        return bool(self.differing or self.wrong)

    @property
    def ended(self) -> bool:
        """Whether the soak is over."""
        return self.failed or self.past >= 1

    @property
    def past(self) -> float:
        """The share of the days that have passed."""
        return (self.service.now - BEGIN) / timedelta(days=self.plan.days)

    def is_time_for(self, kind: str) -> bool:
        """Whether something rare should happen now: evenly, but not at foreseeable moments."""
        late = self.plan.owed(kind, self.past) - self.happened[kind]
        return late > 0 and self.chance.random() < HASTE

    def live(self) -> None:
        """Some hours in the life of the company, at whose end its files are written."""
        company, chance = self.company, self.chance
        self.service.wait(timedelta(hours=chance.uniform(6, 18)))
        company.now = self.service.now
        for _ in range(max(LEAST_HAPPENINGS, self.plan.people // SHARE)):
            life.happen(company)
        if not self.mass and self.is_time_for("mass leave"):
            self.mass = departures.leave_in_a_mass(company, self.plan.threshold)
            self.happened["mass leave"] += bool(self.mass)
        self.write()

    def write(self) -> None:
        """Write the tenant's files."""
        self.company.tenant.write(self.folder)

    def give_mails(self) -> None:
        """Nobody is without a mail address any more."""
        while changes.give_mail(self.company):
            pass

    async def decide(self) -> None:
        """Allow the leavers who are held back, or repair the directory, in turn."""
        done = self.company.done
        if self.mass and done["repair"] < done["allow"]:
            done["repair"] += 1
            returns.return_in_a_mass(self.company, self.mass)
            self.write()
        else:
            done["allow"] += 1
            self.allowed = True
            await self.service.order("restart", "ForceDeletes")
        self.mass = ()

    async def restart(self, scopes: str) -> None:
        """Restart the job."""
        self.everyone = True
        self.rules.restart()
        await self.service.order("restart", scopes)

    async def administer(self) -> None:
        """Pause and start the job, or restart it, now and then."""
        if self.is_time_for("pause"):
            await self._pause()
        if self.is_time_for("restart"):
            self.happened["restart"] += 1
            await self.restart(self.chance.choice(ANEW))

    async def trouble_the_source(self) -> None:
        """Have the source answer wrongly once, now and then; the cycle must write nothing."""
        if not self.is_time_for("source trouble"):
            return
        self.happened["source trouble"] += 1
        service, tenant = self.service, self.company.tenant
        how = min(weather.SOURCES, key=self.happened.__getitem__)
        self.happened[how] += 1
        weather.spoil(self.folder, tenant.reading(), how)
        before = service.endpoint.writes
        if await service.cycle() or service.endpoint.writes != before:
            self.wrong.append(f"{how}: the cycle came through, or wrote: {service.standing}")
        self.write()

    def compare(self) -> None:
        """Compare the target with the rules."""
        target = self.service.endpoint.engagedly
        self.comparisons += 1
        self.differing += differences(self.rules.expected(), target.resources(), target.groups())

    async def _pause(self) -> None:
        """While a job is paused nothing is due, and nothing is sent."""
        service = self.service
        self.happened["pause"] += 1
        await service.order("pause")
        before = service.endpoint.requests
        service.wait(timedelta(hours=self.chance.uniform(1, 6)))
        await service.order("run")
        if service.endpoint.requests != before or service.standing.due_at is not None:
            self.wrong.append(f"a paused job went on: {service.standing}")
        await service.order("start")
