"""The commands, and what every one of them does with a mistake."""

from __future__ import annotations

from collections.abc import Sequence

from cyclopts import App, CycloptsError, Parameter

from entrasim import __version__
from entrasim.cli import (
    cycles,
    demo,
    drift,
    engagedly,
    expression,
    init,
    jobs,
    logs,
    notifying,
    output,
    schema,
    serve,
    state,
    tenant,
)
from entrasim.cli.examples import EPILOGUES
from entrasim.errors import (
    ConfigurationError,
    CycleError,
    EntrasimError,
    JobPausedError,
    JobRunningError,
    SourceError,
    StoppedError,
)

USAGE, INTERRUPTED = 2, 130

_EXIT_CODES: tuple[tuple[type[EntrasimError], int], ...] = (
    (StoppedError, INTERRUPTED),
    (JobPausedError, 3),
    (SourceError, 4),
    (CycleError, 4),
    (JobRunningError, 5),
)


def run(arguments: Sequence[str]) -> int:
    """Run one command; gives the exit code, 2 for whatever isn't named above."""
    output.tolerate_narrow_encodings()
    for_machines = "--json" in arguments
    try:
        result = commands()(
            arguments, exit_on_error=False, print_error=False, result_action="return_value"
        )
    except CycloptsError as error:
        output.failure(ConfigurationError(_in_a_line(error)), for_machines=for_machines)
        return USAGE
    except EntrasimError as error:
        output.failure(error, for_machines=for_machines)
        return next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), USAGE)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        output.discard()
        return 0
    return result if isinstance(result, int) else 0


def commands() -> App:
    """All commands, each with its examples."""
    app = App(
        name="entrasim",
        help=(
            "Microsoft Entra's user provisioning service on your own machine.\n\n"
            "New here? `entrasim demo` shows what it does; `entrasim init` begins for real."
        ),
        version=__version__,
        default_parameter=Parameter(negative=(), show_default=_worth_showing),
        help_format="plaintext",
    )
    for command in (demo.demo, init.init, serve.serve, cycles.sync, cycles.plan, logs.logs):
        app.command(command)
    app.command(cycles.provision_on_demand, name="provision-on-demand")
    app.command(cycles.test_connection, name="test-connection")
    app.command(notifying.try_notification, name="test-notification")
    app.command(drift.drift)
    app.command(expression.expression)
    for group in (jobs.app, schema.app, state.app, tenant.app, engagedly.app):
        app.command(group)
    for path, epilogue in EPILOGUES.items():
        named = app
        for name in path.split():
            named = named[name]
        named.help_epilogue = epilogue
    return app


def _worth_showing(default: object) -> str | None:
    return None if default in {None, False, ()} else str(default)


def _in_a_line(error: CycloptsError) -> str:
    return f"{' '.join(str(error).split())} See `entrasim --help`."
