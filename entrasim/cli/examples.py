"""What people type: the examples at the end of each command's help."""

from __future__ import annotations

from textwrap import indent

from entrasim.cli.faults_example import EXAMPLE

_EXAMPLES: dict[str, tuple[str, ...]] = {
    "demo": ("demo", "demo --exit"),
    "init": ("init", "init ~/provisioning"),
    "serve": (
        "serve",
        "serve --tls",
        "serve --log-format json 2>> entrasim.log",
        "serve --virtual-clock 2026-01-05T08:00:00Z",
    ),
    "sync": ("sync", "sync --full --json", "sync --accept-shrunk-source"),
    "plan": ("plan", "plan --explain", "plan --requests", "plan --full --json"),
    "provision-on-demand": (
        "provision-on-demand ada@contoso.com",
        'provision-on-demand "Ada Lovelace" --json',
    ),
    "test-connection": ("test-connection", "test-connection --job engagedly --json"),
    "test-notification": ("test-notification", "test-notification --job engagedly --json"),
    "drift": ("drift", "drift --explain --unknown", "drift --heal", "drift --heal --json"),
    "logs": (
        "logs --object ada@contoso.com",
        "logs --status failure --follow",
        "logs --action disable --json",
    ),
    "job list": ("job list", "job list --json"),
    "job status": ("job status", "job status --job engagedly --json"),
    "job start": ("job start",),
    "job pause": ("job pause",),
    "job restart": (
        "job restart",
        "job restart --reset ForceDeletes",
        "job restart --reset Watermark Escrows",
    ),
    "schema show": ("schema show", "schema show --json"),
    "schema export": ("schema export my-schema.json", "schema export - | less"),
    "schema import": ("schema import my-schema.json", "schema import my-schema.json --json"),
    "schema validate": ("schema validate my-schema.json",),
    "state backup": (
        "state backup entrasim-backup.db",
        "state backup --force /var/backups/entrasim.db",
    ),
    "state restore": ("state restore entrasim-backup.db",),
    "expression": (
        """expression 'Join(" ", [givenName], [surname])' --object ada@contoso.com""",
        """expression 'Switch([city], "unknown", "Paris", "FR")' --set city=Paris""",
        """expression 'ToUpper([mail])' --set mail=a@contoso.com --json""",
    ),
    "tenant show": ("tenant show", "tenant show --json"),
    "tenant user add": (
        "tenant user add alan@contoso.com --given-name Alan --surname Turing",
        "tenant user add alan@contoso.com state=Ohio manager=ada@contoso.com",
    ),
    "tenant user set": (
        'tenant user set ada@contoso.com --job-title "Chief Technologist"',
        "tenant user set ada@contoso.com department=Research city=",
    ),
    "tenant user disable": ("tenant user disable ada@contoso.com",),
    "tenant user enable": ("tenant user enable ada@contoso.com",),
    "tenant user delete": ("tenant user delete ada@contoso.com",),
    "tenant user restore": ("tenant user restore ada@contoso.com",),
    "tenant user purge": ("tenant user purge ada@contoso.com",),
    "tenant group add": ("tenant group add Research",),
    "tenant group delete": ("tenant group delete Research",),
    "tenant group add-member": ("tenant group add-member Research ada@contoso.com",),
    "tenant group remove-member": ("tenant group remove-member Research ada@contoso.com",),
    "tenant assign": ("tenant assign ada@contoso.com", "tenant assign Research"),
    "tenant unassign": ("tenant unassign Research",),
    "engagedly serve": (
        "engagedly serve",
        "engagedly serve --port 9000 --database mine.db",
        "engagedly serve --faults faults.toml",
    ),
    "engagedly connection add": (
        "engagedly connection add entra",
        "engagedly connection add entra --port 9000 --json",
    ),
    "engagedly connection list": ("engagedly connection list --json",),
    "engagedly connection delete": ("engagedly connection delete entra",),
    "engagedly employees": ("engagedly employees", "engagedly employees --json"),
    "engagedly groups": ("engagedly groups", "engagedly groups --json"),
}

_EXIT_CODES = """

Exit codes
  0  all went well, or there was nothing to do
  1  some objects failed; they are tried again in the next cycle
  2  a mistake in command or configuration (nothing was sent), or in the state
  3  the job is paused, or leavers are held back
  4  the source or the target can't be used
  5  another process runs this job's cycle"""

_OF_DRIFT = """

Exit codes
  0  nothing drifted, or all of it is healed
  1  something drifted, can't be compared, or failed to be healed
  2  a mistake in the command or the configuration; nothing was sent
  3  --heal: the job is paused, or leavers are held back
  4  the target can't be used
  5  --heal: another process runs this job's cycle"""

_OF_CYCLES = ("sync", "plan", "provision-on-demand", "test-connection")
_MORE = {
    **dict.fromkeys(_OF_CYCLES, _EXIT_CODES),
    "drift": _OF_DRIFT,
    "engagedly serve": f"\n\nA file of faults\n{indent(EXAMPLE, '  ')}",
}


def _epilogue(path: str, examples: tuple[str, ...]) -> str:
    lines = "\n".join(f"  entrasim {example}" for example in examples)
    return f"Examples\n{lines}{_MORE.get(path, '')}"


EPILOGUES = {path: _epilogue(path, examples) for path, examples in _EXAMPLES.items()}
"""What stands below the parameters in the help of each command, by its words."""
