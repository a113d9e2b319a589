"""GET /health: whether the daemon is up, and how each of its jobs stands."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from entrasim import __version__
from entrasim.api.summaries import moment, quarantine, task_execution
from entrasim.errors import EntrasimError
from entrasim.scheduler.daemon import Daemon
from entrasim.scheduler.status import JobStatus


def health_app(daemon: Daemon) -> Starlette:
    """An application that answers for its daemon's health and nothing else."""
    return Starlette(routes=[health_route(daemon)])


def health_route(daemon: Daemon) -> Route:
    """The route `/health`, to stand beside others.

    Answers 200 as long as the daemon works, also when a job needs somebody's attention
    (`degraded`), so that nobody restarts it for a target that is down; 503 when it can't
    read its own state.
    """

    async def health(_request: Request) -> JSONResponse:
        try:
            statuses = await daemon.status()
        except EntrasimError as error:
            trouble = {"code": error.code, "message": str(error)}
            return _answer("degraded", 503, jobs=[], error=trouble)
        healthy = all(status.healthy for status in statuses)
        return _answer("ok" if healthy else "degraded", 200, jobs=[*map(_job, statuses)])

    return Route("/health", health, methods=["GET"])


def _answer(status: str, code: int, **more: object) -> JSONResponse:
    content = {"status": status, "version": __version__, **more}
    return JSONResponse(content, status_code=code, headers={"Cache-Control": "no-store"})


def _job(status: JobStatus) -> dict[str, object]:
    state, last = status.state, status.last_execution
    return {
        "id": status.job.id,
        "state": status.code,
        "running": status.running,
        "lastStartedAt": state.last_started_at and moment(state.last_started_at),
        "nextDueAt": status.next_due_at and moment(status.next_due_at),
        "lastExecution": last and task_execution(last),
        "quarantine": state.quarantine and quarantine(state.quarantine),
    }
