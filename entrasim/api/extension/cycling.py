"""A cycle of a job now, whatever its schedule says."""

from __future__ import annotations

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse

from entrasim.api.graph_error import GraphError, not_found
from entrasim.api.sent import sent
from entrasim.api.summaries import task_execution
from entrasim.api.surroundings import Surroundings
from entrasim.errors import EntrasimError
from entrasim.model.cycle import CycleRequest
from entrasim.scheduler.status import JobStatus


class Wanted(Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody wants of a cycle."""

    full: bool = False


class Cycling:
    """Runs cycles of the daemon's jobs."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    async def cycle(self, request: Request) -> JSONResponse:
        """Run one, and answer how it went.

        A cycle that began and failed is an answer; one that could not begin is none.
        """
        wanted = await sent(request, Wanted, if_empty=b"{}")
        before = await self._job(request.path_params["id"])
        request_of = CycleRequest(full=wanted.full)
        failure = await self._around.daemon.run_now(before.job.id, request_of)
        latest = await self._around.store.executions(before.job.id, 1)
        if failure is None or latest[:1] != _ended(before):
            return JSONResponse(task_execution(latest[0]))
        if isinstance(failure, EntrasimError):
            raise GraphError(409, "Conflict", str(failure))
        raise GraphError(500, "InternalServerError", "the cycle broke; the daemon's log says why")

    async def _job(self, known: str) -> JobStatus:
        for status in await self._around.daemon.status():
            if known in {status.job.id, status.job.graph_id}:
                return status
        raise not_found("no such job", known)


def _ended(status: JobStatus) -> tuple[object, ...]:
    return () if status.last_execution is None else (status.last_execution,)
