"""What the daemon says while it runs: one event per line, for people or for programs."""

from __future__ import annotations

import logging
import os
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TextIO

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from entrasim.errors import EntrasimError, NotificationError
from entrasim.model.cycle import CycleState, TaskExecution
from entrasim.model.notice import Notice, NoticeKind
from entrasim.ports import Silence

LogForm = Literal["plain", "json"]

_OURS = "entrasim"
_BEARER = re.compile(r"(?i)\b(bearer)\s+\S+")
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

# Events go through the standard library, so that a program that embeds the daemon and
# configures nothing gets them where it gets all others, and never on its stdout.
_log: structlog.stdlib.BoundLogger = structlog.wrap_logger(
    logging.getLogger(_OURS),
    processors=[structlog.stdlib.filter_by_level, structlog.stdlib.render_to_log_kwargs],
    wrapper_class=structlog.stdlib.BoundLogger,
)


def configure_logging(form: LogForm, stream: TextIO) -> None:
    """Write events to a stream: our own from INFO on, those of libraries from WARNING on.

    Plain text is coloured on a terminal only. Called again, it replaces what the call
    before had set up.
    """
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, _EventHandler)]:
        root.removeHandler(handler)
    handler = _EventHandler(stream)
    handler.setFormatter(_formatter(form, stream))
    root.addHandler(handler)
    logging.getLogger(_OURS).setLevel(logging.INFO)


class _EventHandler(logging.StreamHandler[TextIO]):
    """Known by its type, so that it can be replaced."""


@dataclass(frozen=True, slots=True)
class JobEvents(Silence):
    """The events in the life of one job; watches its cycles for what people should know."""

    job_id: str

    def began(self) -> None:
        """A cycle begins."""
        _log.info("cycle began", job=self.job_id)

    def ended(self, execution: TaskExecution) -> None:
        """A cycle came to its end; single objects may have failed."""
        clean = execution.state is CycleState.SUCCEEDED
        counts = msgspec.structs.asdict(execution.counts)
        _log.log(
            logging.INFO if clean else logging.WARNING,
            "cycle ended",
            job=self.job_id,
            kind=execution.cycle.kind.value,
            state=execution.state.value,
            seconds=(execution.ended_at - execution.cycle.began_at) / timedelta(seconds=1),
            requests=sum(execution.requests.values()),
            counts={name: count for name, count in counts.items() if count},
            cycle=execution.cycle.id,
            **({"reason": execution.cycle.reason} if execution.cycle.reason else {}),
        )

    def not_run(self, error: EntrasimError) -> None:
        """A cycle did not start, or was asked to end early; nobody has to do anything."""
        _log.info("cycle not run", job=self.job_id, code=error.code, reason=str(error))

    def failed(self, error: EntrasimError) -> None:
        """A cycle could not go on."""
        _log.error("cycle failed", job=self.job_id, code=error.code, reason=str(error))

    def noticed(self, notice: Notice) -> None:
        """People should look after the job; told here whoever else is told."""
        following = notice.next_attempt_at
        _log.warning(
            "disabled" if notice.kind is NoticeKind.JOB_DISABLED else "quarantined",
            job=self.job_id,
            kind=notice.kind.value,
            code=notice.reason,
            reason=notice.message,
            since=notice.began_at.isoformat(),
            next_attempt=None if following is None else following.isoformat(),
            **({"cycle": notice.cycle_id} if notice.cycle_id else {}),
        )

    def untold(self, error: NotificationError) -> None:
        """Somebody could not be told of it, and is told later."""
        _log.error("notification failed", job=self.job_id, code=error.code, reason=str(error))

    def broke(self, error: Exception) -> None:
        """A cycle ended by an error of entrasim's own."""
        _log.error("cycle broke", job=self.job_id, code="Unexpected", exc_info=error)

    def cancelled(self) -> None:
        """A cycle was broken off at once."""
        _log.warning("cycle broken off", job=self.job_id)

    def unreadable(self, error: Exception) -> None:
        """Nobody knows how the job stands, so it waits."""
        code = error.code if isinstance(error, EntrasimError) else "Unexpected"
        _log.error("state unreadable", job=self.job_id, code=code, reason=str(error))


def jobs_unreadable(error: Exception) -> None:
    """Nobody knows which jobs were made or removed; those that are known go on."""
    code = error.code if isinstance(error, EntrasimError) else "Unexpected"
    _log.error("jobs unreadable", code=code, reason=str(error))


def stopping(*, at_once: bool) -> None:
    """The daemon was told to stop."""
    _log.info("stopping", how="at once" if at_once else "after the objects in flight")


def _formatter(form: LogForm, stream: TextIO) -> logging.Formatter:
    coloured = stream.isatty() and not os.environ.get("NO_COLOR")
    plain = structlog.dev.ConsoleRenderer(
        colors=coloured,
        pad_event_to=0,
        sort_keys=False,
        # The default prints the values of local variables, secrets among them.
        exception_formatter=structlog.dev.plain_traceback,
    )
    rendering: tuple[Processor, ...] = (_in_words, _as_one_event, plain)
    if form == "json":
        rendering = (structlog.processors.JSONRenderer(),)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.add_log_level,
            structlog.stdlib.ExtraAdder(),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _without_leftovers,
            structlog.processors.format_exc_info,
            _mask_tokens,
            *rendering,
        ],
    )


def _without_leftovers(_logger: WrappedLogger, _level: str, event: EventDict) -> EventDict:
    """Take out what other handlers' formatters leave on a record; it repeats the event."""
    event.pop("message", None)
    event.pop("asctime", None)
    return event


def _mask_tokens(_logger: WrappedLogger, _level: str, event: EventDict) -> EventDict:
    """Take bearer tokens out, wherever a library may have put one."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _BEARER.sub(r"\1 ***", value)
    return event


def _as_one_event(_logger: WrappedLogger, _level: str, event: EventDict) -> EventDict:
    """Let no name in an event steer a terminal, or pass for an event of its own.

    A line break in a value is escaped by the renderer.
    """
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _STEERING.sub("\N{REPLACEMENT CHARACTER}", value)
    for key in event.keys() & {"event", "exception"}:
        event[key] = str(event[key]).replace("\n", "\n  ")
    return event


def _in_words(_logger: WrappedLogger, _level: str, event: EventDict) -> EventDict:
    """Say counts as people do: `3 imported, 2 created`."""
    counts = event.get("counts")
    if isinstance(counts, dict):
        words = [f"{count} {name.replace('_', ' ')}" for name, count in counts.items()]
        event["counts"] = ", ".join(words) or "nothing to do"
    return event
