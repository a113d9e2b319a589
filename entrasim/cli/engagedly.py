"""engagedly: the stand-in target on its own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

from cyclopts import App, Parameter

from entrasim.cli import output
from entrasim.cli.options import STANDALONE, Standalone
from entrasim.cli.world import told_to_stop
from entrasim.errors import ConfigurationError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from entrasim.engagedly import Engagedly, EngagedlyServer

Wrap: TypeAlias = "Callable[[ASGIApp], ASGIApp]"

app = App(
    name="engagedly", help="The stand-in for Engagedly: serve it, connect to it, look into it."
)
connection = App(name="connection", help="Settings, Integrations, HRIS: connections.")
app.command(connection)

PORT = 8421

Name = Annotated[str, Parameter(help="What the connection is called.")]
OwnPort = Annotated[
    int | None, Parameter(help="8421 or the next free one without it; 0 is any free one.")
]
Host = Annotated[
    str, Parameter(help="Only this machine can reach it, unless another address is named.")
]
ApiKey = Annotated[
    str | None,
    Parameter(
        help="env:NAME or file:PATH of the key that the list of employees and the settings page "
        "ask for; obligatory beyond this machine."
    ),
]
Database = Annotated[Path, Parameter(help="The stand-in's own SQLite file.")]
Port = Annotated[int, Parameter(help="The port that the stand-in is served on.")]
FaultsFile = Annotated[
    Path | None, Parameter(name="--faults", help="A TOML file that says how it fails, and when.")
]
DATABASE = Path("state/engagedly.db")


@app.command
def serve(  # noqa: PLR0913 - all that can be chosen of a server
    *,
    port: OwnPort = None,
    host: Host = "127.0.0.1",
    api_key: ApiKey = None,
    database: Database = DATABASE,
    faults: FaultsFile = None,
    options: Standalone = STANDALONE,
) -> int:
    """Serve the stand-in until Ctrl-C; with --faults it fails as targets do."""
    around = _failing(faults) if faults else lambda app: app
    return asyncio.run(_serve(port, host, api_key, database, around, options))


def _failing(path: Path) -> Wrap:
    """What puts the faults of a file around the stand-in, each told as it happens.

    Raises:
        ConfigurationError: the file has mistakes.
    """
    from entrasim.testing.faults import Faults  # noqa: PLC0415 - slow to import, not for --help

    faults = Faults.load(path)
    faults.tell = lambda injected: output.note(f"Fault: {injected}")
    return faults.around


async def _serve(  # noqa: PLR0913, PLR0917 - likewise
    port: int | None,
    host: str,
    api_key: str | None,
    database: Path,
    around: Wrap,
    options: Standalone,
) -> int:
    from entrasim.cli.listening import listen  # noqa: PLC0415 - slow to import, not for --help
    from entrasim.engagedly import Engagedly, EngagedlyServer  # noqa: PLC0415 - likewise

    engagedly = Engagedly(database, api_key=_key(api_key))
    try:
        server = await listen(
            lambda p: EngagedlyServer(engagedly, host=host, port=p, wrap=around),
            asked=port,
            default=PORT,
        )
        with told_to_stop() as stopped:
            _say_where(server, engagedly, options)
            await stopped.wait()
        await server.stop()
    finally:
        engagedly.close()
    return 0


@connection.command
def add(
    name: Name,
    /,
    *,
    port: Port = PORT,
    database: Database = DATABASE,
    options: Standalone = STANDALONE,
) -> int:
    """Add a connection; its token is shown this once."""
    with _opened(database, new=True) as engagedly:
        made = engagedly.add_connection(name, base_url=f"http://127.0.0.1:{port}/scim/v2")
    if options.json:
        output.as_json({"name": made.name, "baseUrl": made.base_url, "token": made.token})
    else:
        output.line(("Base URL  ", "dim"), made.base_url)
        output.line(("Token     ", "dim"), (made.token, "bold"))
        output.note("The token is shown this once. Next: export ENGAGEDLY_TOKEN=…")
    return 0


@connection.command(name="list")
def list_connections(
    *, port: Port = PORT, database: Database = DATABASE, options: Standalone = STANDALONE
) -> int:
    """List the connections, without tokens."""
    del port
    with _opened(database) as engagedly:
        connections = engagedly.connections()
    for found in connections:
        if options.json:
            output.as_json({"name": found.name, "baseUrl": found.base_url})
        else:
            output.line((f"{found.name:<20} ", "bold"), found.base_url)
    if not connections and not options.json:
        output.line("No connection yet: entrasim engagedly connection add NAME")
    return 0


@connection.command
def delete(
    name: Name,
    /,
    *,
    port: Port = PORT,
    database: Database = DATABASE,
    options: Standalone = STANDALONE,
) -> int:
    """Delete a connection: its client is refused at once, employees stay as they are."""
    del port
    with _opened(database) as engagedly:
        engagedly.delete_connection(name)
    if options.json:
        output.as_json({"name": name})
    else:
        output.line(("- ", "red"), f"{name}: its token is refused from now on")
    return 0


@app.command
def employees(
    *, port: Port = PORT, database: Database = DATABASE, options: Standalone = STANDALONE
) -> int:
    """Show the employees, as Engagedly's public REST API would."""
    from entrasim.cli.tables import show_employees  # noqa: PLC0415 - not for --help

    del port
    with _opened(database) as engagedly:
        found = engagedly.employees()
    if options.json:
        for employee in found:
            output.as_json(employee)
    else:
        show_employees(found)
    return 0


@app.command
def groups(
    *, port: Port = PORT, database: Database = DATABASE, options: Standalone = STANDALONE
) -> int:
    """Show the groups and who is in them."""
    from entrasim.cli.tables import show_groups  # noqa: PLC0415 - not for --help

    del port
    with _opened(database) as engagedly:
        found = engagedly.groups()
    if options.json:
        for group in found:
            output.as_json(group)
    else:
        show_groups(found)
    return 0


@contextmanager
def _opened(database: Path, *, new: bool = False) -> Iterator[Engagedly]:
    """The stand-in of a file, which must be there unless it may be new.

    Raises:
        ConfigurationError: there is no such file, or it can't be used.
    """
    from entrasim.engagedly import Engagedly  # noqa: PLC0415 - likewise

    if not new and not database.is_file():
        raise ConfigurationError(
            f"{database}: there is no such file; `entrasim engagedly serve` makes it, "
            "or name another one by --database"
        )
    engagedly = Engagedly(database)
    try:
        yield engagedly
    finally:
        engagedly.close()


def _key(reference: str | None) -> str | None:
    """The API key that a reference leads to.

    Raises:
        ConfigurationError: it leads nowhere, or is the key itself, which every process list shows.
    """
    from entrasim.config.secret import is_reference, resolve  # noqa: PLC0415 - not for --help

    if reference is None:
        return None
    if not is_reference(reference):
        raise ConfigurationError("--api-key: name the key's place, as env:NAME or file:PATH")
    try:
        return resolve(reference, Path(), os.environ).reveal()
    except ValueError as error:
        raise ConfigurationError(f"--api-key: {error}") from None


def _say_where(server: EngagedlyServer, engagedly: Engagedly, options: Standalone) -> None:
    output.note(f"Engagedly stand-in: {server.url}  (SCIM base URL {server.base_url})")
    if not engagedly.connections():
        output.note("No connection yet: entrasim engagedly connection add NAME")
    if options.json:
        output.as_json({"url": server.url, "baseUrl": server.base_url})
