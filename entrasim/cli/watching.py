"""Progress of a cycle, on a terminal; and what is worth telling at its end."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from entrasim.cli import notifying, output, story
from entrasim.errors import NotificationError
from entrasim.model.cycle import Counts, Outcome
from entrasim.model.decision import Skip, Status
from entrasim.model.notice import Notice

_SHOWN = 20  # outcomes a person reads; the log has them all


class Watching:
    """Shows a bar while a cycle runs and keeps its first outcomes for the summary."""

    def __init__(self, *, quiet: bool) -> None:
        self._done: list[Outcome] = []
        self._failed: list[Outcome] = []
        self._counted = {"done": 0, "failed": 0}
        console = output.messages()
        columns = (
            TextColumn("{task.description:<10}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[failed]}", style="red"),
            TimeRemainingColumn(),
        )
        self._progress = Progress(
            *columns, console=console, transient=True, disable=quiet or not console.is_terminal
        )
        self._task = self._progress.add_task("reading", total=None, failed="")

    def phase(self, name: str, total: int) -> None:
        """Begin a phase, if it has anything to do."""
        if total:
            self._progress.reset(self._task, description=name, total=total, failed="")

    def more(self, count: int) -> None:
        """Lengthen the bar."""
        (task,) = self._progress.tasks
        self._progress.update(self._task, total=(task.total or 0) + count)

    def outcome(self, outcome: Outcome, counts: Counts) -> None:
        """Take one object's outcome; failures have a place of their own, so that all are seen."""
        failed = f"{counts.escrowed} failed" if counts.escrowed else ""
        self._progress.update(self._task, advance=1, failed=failed)
        warns = any(verdict.status is Status.WARNING for verdict in outcome.verdicts)
        if outcome.failure is not None:
            self._keep(self._failed, "failed", outcome)
        elif outcome.logged and (warns or not isinstance(outcome.decision, Skip)):
            self._keep(self._done, "done", outcome)

    def tell(self) -> None:
        """Show what happened, a line an object."""
        self._tell(self._done, "done", "entrasim logs")
        self._tell(self._failed, "failed", "entrasim logs --status failure")

    def noticed(self, notice: Notice) -> None:
        """Tell people here, too."""
        notifying.tell(notice)

    def untold(self, error: NotificationError) -> None:
        """Say who could not be told, and that they will be."""
        output.note(f"Warning: not everybody could be told, and is after the next cycle: {error}")

    def _keep(self, kept: list[Outcome], kind: str, outcome: Outcome) -> None:
        self._counted[kind] += 1
        if len(kept) < _SHOWN:
            kept.append(outcome)

    def _tell(self, kept: list[Outcome], kind: str, command: str) -> None:
        for outcome in kept:
            output.show(story.headline(outcome))
            for text in story.warnings(outcome):
                output.show(text)
        if more := self._counted[kind] - len(kept):
            output.line((f"… and {more} more: {command}", "dim"))

    def __enter__(self) -> Self:
        """Show the bar."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        self._progress.stop()
