"""A storm, and the quiet after it, in which everything that failed comes due again."""

from __future__ import annotations

from datetime import timedelta

from benchmarks.soak import weather
from benchmarks.soak.life import changes
from benchmarks.soak.scene import STRETCH, Scene

FAULTS = 0.9  # the share of cycles that meet some
LATEST = 20  # the request at which an outage begins
WORST_MOMENT = 0.8  # how likely people are renamed when nobody knows whether they were created
CYCLES = (1, 1, 2)  # after each stretch of hours; more of them would heal what one broke
PATIENCE = 60  # cycles
TOO_MANY = "TooManyDeletes"


async def spend(scene: Scene) -> None:
    """Some days of faults and kills; then compare."""
    scene.company.begin(stormy=True)
    storm, end = Storm(scene), scene.service.now + STRETCH
    while scene.service.now < end and not scene.failed:
        scene.live()
        await scene.trouble_the_source()
        for _ in range(scene.chance.choice(CYCLES)):
            await storm.hit()
        await scene.administer()
    await _be_quiet(scene)


class Storm:
    """The weather of some days."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._down_until = scene.service.now

    async def hit(self) -> None:
        """Run a cycle in bad weather."""
        scene = self._scene
        self._turn()
        await scene.service.cycle(deadly=self._is_deadly())
        await _decide_if_asked(scene)
        if scene.service.standing.open and scene.chance.random() < WORST_MOMENT:
            changes.rename_newcomers(scene.company)
            scene.write()

    def _turn(self) -> None:
        scene, chance = self._scene, self._scene.chance
        fail = scene.service.endpoint.fail
        if scene.service.now < self._down_until:
            fail(weather.outage())
        elif scene.is_time_for("outage"):
            scene.happened["outage"] += 1
            self._down_until = scene.service.now + timedelta(hours=chance.uniform(2, 8))
            fail(weather.outage(after=chance.randint(0, LATEST)))
        else:
            fail(
                weather.rules(chance, scene.service.endpoint.faults)
                if chance.random() < FAULTS
                else ()
            )

    def _is_deadly(self) -> bool:
        """Whether it is time for another kill; an even pace that leaves none for the end."""
        scene = self._scene
        owed = min(scene.plan.kills, 1 + 1.1 * scene.past * scene.plan.kills)
        return scene.service.engine.kills + 1 <= owed


async def _be_quiet(scene: Scene) -> None:
    """No faults, until nothing is left to be done."""
    service = scene.service
    service.endpoint.fail()
    scene.give_mails()
    scene.write()
    for _ in range(PATIENCE):
        if await service.cycle() and service.standing.at_rest:
            break
        await _decide_if_asked(scene)
        service.wait_for_escrows()
    else:
        scene.wrong.append(f"no quiet after {PATIENCE} cycles: {service.standing}")
    reading = scene.company.tenant.reading()
    scene.rules.take(reading, service.now, everyone=scene.everyone, guard=False)
    scene.everyone = scene.allowed = False
    scene.mass = ()
    scene.company.carried_out()
    scene.compare()


async def _decide_if_asked(scene: Scene) -> None:
    if scene.service.standing.quarantine == TOO_MANY:
        await scene.decide()
