"""Work apart from cycles: on what the store remembers, the watermark untouched."""

from __future__ import annotations

from msgspec import structs

from entrasim.engine.compiled import compile_schema
from entrasim.engine.expressions.surroundings import surroundings_of
from entrasim.engine.space import Space
from entrasim.engine.work import Work
from entrasim.model.cycle import Cycle, CycleKind
from entrasim.model.job import Job
from entrasim.ports import Ports


async def begin(job: Job, ports: Ports, name: str) -> Work:
    """Begin work under the scope of the watermark; the log knows it by its name and moment."""
    began_at = ports.clock.now()
    state = await ports.store.job_state(job)
    job = structs.replace(job, scope=state.scope or job.scope)
    cycle = Cycle(
        id=f"{name}-{began_at:%Y%m%dT%H%M%S.%fZ}",
        job_id=job.id,
        kind=CycleKind.INCREMENTAL,
        began_at=began_at,
    )
    space = Space(await ports.store.connector_space(job.id))
    return Work(job, cycle, ports, space, compile_schema(job.schema, surroundings_of(job, ports)))
