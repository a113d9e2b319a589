"""Another process on a state database: `python store_process.py open|hold|record URL`."""

from __future__ import annotations

import asyncio
import sys

from store_nouns import CLOCK, JOB, NOW, link, outcome

from entrasim.model.cycle import CycleKind
from entrasim.state import SqlStore


async def main(task, url):
    """Do one thing with the store, and say so."""
    store = SqlStore.open(url, clock=CLOCK)
    if task == "hold":
        async with store.lock(JOB.id):
            print("held", flush=True)  # noqa: T201 - the test waits for it
            await asyncio.to_thread(sys.stdin.read)
    if task == "record":
        cycle = await store.open_cycle(JOB, CycleKind.INITIAL, NOW)
        for number in range(sys.maxsize):
            name = f"user{number}"
            await store.record(cycle, outcome(name, connection=link(name, f"t-{name}")))
            if number % 100 == 0:
                await store.flush()
                print(number, flush=True)  # noqa: T201 - likewise
    await store.close()


asyncio.run(main(*sys.argv[1:]))
