"""The program, killed at a moment of its own: `python dying.py MOMENT NUMBER ARGUMENT…`.

Moments are `commit` (about to commit for the n-th time), `committed` (just did) and
`statement` (about to execute the n-th).
"""

from __future__ import annotations

import os
import signal
import sys

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect

from entrasim.cli import main


class Death:
    """Comes with the n-th call."""

    def __init__(self, number):
        self._left = number

    def __call__(self, *_):
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)


class _Committing:
    """Commits, and lets death come afterwards."""

    def __init__(self, death):
        self._death, self._commit = death, DefaultDialect.do_commit

    def __get__(self, dialect, _):
        def commit(connection):
            self._commit(dialect, connection)
            self._death()

        return commit


def await_death(moment, number):
    """Have the process die at that moment."""
    death = Death(number)
    match moment:
        case "commit":
            event.listen(Engine, "commit", death)
        case "statement":
            event.listen(Engine, "before_cursor_execute", death)
        case "committed":
            DefaultDialect.do_commit = _Committing(death)


if __name__ == "__main__":
    _, moment, number, *arguments = sys.argv
    await_death(moment, int(number))
    sys.argv = ["entrasim", *arguments]
    main()
