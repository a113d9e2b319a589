"""Calm days: every cycle comes through, the model takes each, and is compared after it."""

from __future__ import annotations

from benchmarks.soak.scene import STRETCH, Scene

DECIDE = 0.6  # how likely it is that the operator looks after a cycle
ALL_LINKS = ("Full", "ConnectorDataStore Watermark")
"""The scopes of a restart that forgets who is who."""
PATIENCE = 5  # cycles; a busy machine may cause a time-out on the calmest day


async def spend(scene: Scene) -> None:
    """Some calm days, at whose end nothing waits."""
    scene.company.begin(stormy=False)
    end = scene.service.now + STRETCH
    while scene.service.now < end and not scene.failed:
        scene.live()
        await scene.trouble_the_source()
        await carry_out(scene)
        if scene.rules.guarded and scene.chance.random() < DECIDE:
            await scene.decide()
            await carry_out(scene)
        await scene.administer()
        await _forget(scene)
    await _settle(scene)


async def carry_out(scene: Scene) -> None:
    """Have a reading carried out to the end, and compare."""
    service, rules, reading = scene.service, scene.rules, scene.company.tenant.reading()
    scene.write()
    if not await _come_through(scene):
        return
    rules.take(reading, service.now, everyone=scene.everyone, allowed=scene.allowed)
    scene.everyone = scene.allowed = False
    scene.company.carried_out()
    for _ in range(PATIENCE):
        if service.standing.escrows <= len(rules.refused):
            break
        scene.happened["retries on calm days"] += 1
        service.wait_for_escrows()
        await service.cycle()
    scene.compare()


async def _come_through(scene: Scene) -> bool:
    for _ in range(PATIENCE):
        if await scene.service.cycle():
            return True
        scene.happened["failures on calm days"] += 1
    error = scene.service.standing.error
    scene.wrong.append(f"no cycle came through on a calm day: {error}")
    return False


async def _forget(scene: Scene) -> None:
    """Now and then have the job forget all links, right after a cycle that left nothing open."""
    if scene.rules.guarded or not scene.is_time_for("forget"):
        return
    await carry_out(scene)
    if scene.failed or scene.rules.guarded:
        return
    scene.happened.update(("forget", "restart"))
    await scene.restart(scene.chance.choice(ALL_LINKS))
    scene.rules.forget()


async def _settle(scene: Scene) -> None:
    """Before a storm nobody is held back, and nobody waits for another's record."""
    while scene.rules.guarded and not scene.failed:
        await scene.decide()
        await carry_out(scene)
    company = scene.company
    for person in company.people(lambda p: p.id in company.superseded, deleted=True):
        company.purge(person, "purge")
    scene.give_mails()
    await carry_out(scene)
    scene.mass = ()
