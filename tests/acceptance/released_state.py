"""What the present version leaves in its state, as SQL: `python released_state.py`.

A migration that is released wants such a text in `released/`, named by its revision, so that
every later version is tried with it. One job really ran; the other has a row in every table.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace
from people import company

TESTS = Path(__file__).parent.parent
sys.path += [str(TESTS), str(TESTS / "contracts")]

from site_of_work import Site  # noqa: E402 - found by the path above
from store_nouns import (  # noqa: E402 - likewise
    CLOCK,
    JOB,
    NOW,
    REACHED,
    SALES,
    ended,
    escrow,
    intent,
    link,
    made,
    membership,
    outcome,
    source,
)

from entrasim.config import write_starter  # noqa: E402 - the package comes after its tests
from entrasim.engagedly import Engagedly, EngagedlyServer  # noqa: E402 - likewise
from entrasim.model.cycle import CycleKind, Stage  # noqa: E402 - likewise
from entrasim.model.entry import DEFAULT_ACCESS, Assignment  # noqa: E402 - likewise
from entrasim.model.job import Health, Quarantine, QuarantineReason  # noqa: E402 - likewise
from entrasim.state import SqlStore  # noqa: E402 - likewise

PEOPLE = company(6)
HELD_BACK = Quarantine(
    reason=QuarantineReason.TOO_MANY_DELETES,
    code="TooManyDeletes",
    message="three would leave",
    series_began_at=NOW,
    series_count=1,
    began_at=NOW,
    cycle_id="cycle-7",
    next_attempt_at=NOW,
)
TARGET = "http://target.example/scim/v2"
"""Where the target was; a test has another."""


async def run_a_job(folder: Path) -> Path:
    """Carry some people over; gives the state that this leaves."""
    write_starter(folder)
    engagedly = Engagedly(folder / "engagedly.db")
    site = Site(folder, engagedly)
    site.gate.set()
    async with EngagedlyServer(engagedly, wrap=site.recorded) as server:
        site.server = server
        site.token = engagedly.add_connection("test", base_url=server.base_url).token
        site.write_users(PEOPLE)
        await site.sync()
        state = folder / "state" / "entrasim.db"
        with closing(sqlite3.connect(state)) as database:
            text = "\n".join(database.iterdump()).replace(server.base_url, TARGET)
    engagedly.close()
    state.unlink()
    with closing(sqlite3.connect(state)) as database:
        database.executescript(text)
    return state


async def fill_every_table(state: Path) -> None:
    """Have another job remember something of every kind."""
    store, job = SqlStore.open(f"sqlite:///{state}", clock=CLOCK), replace(JOB, id="other")
    cycle = await store.open_cycle(job, CycleKind.INITIAL, NOW)
    assignment = Assignment(id="a1", principal_id="ada", app_role_id=DEFAULT_ACCESS)
    sources = (
        source("ada", entitled=True, pending=False),
        source("bob", entitled=True, pending=True),
    )
    await store.stage(cycle, Stage(sources=sources, assignments=(assignment,)))
    await store.open_intents(cycle, [intent("bob")])
    await store.record(cycle, outcome("ada", connection=link("ada", "t1")))
    await store.record(
        cycle, outcome("eve", failure=("EntryConflict", "taken"), escrow=escrow("eve"))
    )
    team = replace(link("Sales", "g1"), source_anchor=SALES)
    members = (membership("ada", "t1"),)
    await store.record(cycle, outcome("Sales", anchor=SALES, connection=team, joined=members))
    health = Health(quarantine=HELD_BACK, successive_failures=2)
    await store.close_cycle(ended(cycle, health=health), reached=REACHED)
    await store.want_cycle(job, NOW)
    await store.open_cycle(job, CycleKind.INCREMENTAL, NOW)
    await store.define(made("slack-0b7ac4e8"))
    await store.close()


async def main() -> None:
    """Write the state as SQL to stdout."""
    with TemporaryDirectory() as folder:
        state = await run_a_job(Path(folder))
        await fill_every_table(state)
        with closing(sqlite3.connect(state)) as database:
            sys.stdout.writelines(f"{line}\n" for line in database.iterdump())


if __name__ == "__main__":
    asyncio.run(main())
