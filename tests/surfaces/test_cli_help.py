"""Help and mistakes of usage: what the program says about itself."""

from __future__ import annotations

import json

import pytest

from entrasim.cli.app import commands, run
from entrasim.cli.examples import EPILOGUES


def paths(app, above=()):
    for name in app:
        if name.startswith("-"):
            continue
        inner = app[name]
        if inner.default_command is None:
            yield from paths(inner, (*above, name))
        else:
            yield " ".join((*above, name))


def test_every_command_has_examples():
    found = set(paths(commands()))

    assert found == set(EPILOGUES)


@pytest.mark.parametrize("path", sorted(EPILOGUES))
def test_help_of_every_command_shows_examples_and_the_options_that_all_take(path, capsys):
    code = run([*path.split(), "--help"])

    shown = capsys.readouterr().out
    assert code == 0
    assert f"  entrasim {path}" in shown
    assert "--config" in shown
    assert ("--json" in shown) == (path != "demo")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["sync", "--fast"], "Unknown option: --fast"),
        (["snyc"], 'Unknown command "snyc"'),
        (["job", "restart", "--reset", "Everything"], "ForceDeletes"),
        (["provision-on-demand"], "SUBJECT"),
        (["plan", "--config"], "--config"),
        (["tenant", "user", "set", "ada@contoso.com", "nonsense"], "name=value"),
        (["sync", "--config", "nowhere.toml"], "nowhere.toml"),
        (["serve", "--virtual-clock", "soon"], "--virtual-clock"),
        (["serve", "--virtual-clock", "0001-01-01"], "a year from 1970"),
    ],
)
def test_mistake_of_usage_gives_two_and_one_line_for_people_and_machines(
    arguments, expected, capsys
):
    code = run([*arguments, "--json"])

    shown = capsys.readouterr()
    assert code == 2
    assert expected in shown.err
    assert shown.err.startswith("Error: ")
    assert shown.err.count("\n") == 1
    assert expected in json.loads(shown.out)["error"]["message"]


def test_version_is_told(capsys):
    code = run(["--version"])

    assert code == 0
    assert capsys.readouterr().out.strip()[0].isdigit()
