"""A directory that means harm: names that would forge lines, steer terminals or break files."""

from __future__ import annotations

import io
import json

import pytest

from entrasim.errors import SourceError
from entrasim.scheduler.events import JobEvents, configure_logging

FORGED = "+ create    forged@contoso.com"
NAMES = [
    f"ada\n{FORGED}",
    f"ada\r\n{FORGED}",
    f"ada\u2028{FORGED}",
    f"ada\x0b{FORGED}",
    "\x1b[2J\x1b[31mred",
    "\x1b]8;;http://evil.example\x07click\x1b]8;;\x07",
    "\x9b31mred",
    "\u202egro.live\u202c",
    "\u2066x\u2069",
    "tab\tulated",
    "bell\x07",
    "[bold]markup[/bold] [link=http://evil.example]x[/link] :smile:",
    "=cmd|' /C calc'!A0",
]
COMMANDS = [
    ("tenant", "show"),
    ("plan", "--explain", "--requests"),
    ("sync",),
    ("job", "status"),
    ("logs",),
    ("engagedly", "employees", "--database", "engagedly.db"),
    ("provision-on-demand", "id-00"),
]


def tenant(names):
    return [
        {
            "id": f"id-{number:02}",
            "userPrincipalName": f"{name}@contoso.com",
            "mail": f"user{number:02}@contoso.com",
            "displayName": name,
            "givenName": name,
            "surname": name,
            "jobTitle": name,
            "department": name,
        }
        for number, name in enumerate(names)
    ]


async def test_names_forge_no_line_and_steer_no_terminal(site):
    site.write_users(tenant(NAMES))

    outputs = [await site.run(*command) for command in COMMANDS]

    lines = [line for _, out, err in outputs for line in (out + err).split("\n")]
    assert [code for code, _, _ in outputs] == [0] * len(COMMANDS)
    assert not [line for line in lines if line.strip().startswith(FORGED)]
    assert all(line.replace("\t", "").isprintable() for line in lines)
    assert any("[bold]markup[/bold]" in line for line in lines)


@pytest.mark.parametrize("command", [("plan", "--json"), ("logs", "--json")])
async def test_json_has_the_names_as_they_are_and_steers_no_terminal(site, command):
    site.write_users(tenant(NAMES))
    if command[0] == "logs":
        await site.sync()

    _, out, _ = await site.run(*command)

    assert all(line.isprintable() for line in out.splitlines())
    assert [line for line in map(json.loads, out.splitlines()) if line]
    assert "\\u001b[2J" in out


@pytest.mark.parametrize(
    "content",
    [
        b'[{"id": "1", "userPrincipalName": "\xff@contoso.com"}]',
        b'[{"id": "1", "userPrincipalName": "\x00@contoso.com"}]',
        b"[" * 100_000 + b"]" * 100_000,
        b'[{"id": "1", "userPrincipalName": "a@contoso.com", "x": ' + b"9" * 5000 + b"}]",
        b'[{"id": "1", "id": "2", "userPrincipalName": "a@contoso.com"}]',
        b'{"value": 1e999}',
    ],
    ids=["invalid UTF-8", "NUL", "brackets", "digits", "duplicate keys", "no list"],
)
async def test_hostile_file_is_a_mistake_or_harmless(site, content):
    site.write_users(tenant(["ada"]))
    (site.folder / "config" / "tenants" / "contoso" / "users.json").write_bytes(content)

    code, _, err = await site.run("sync")

    assert code in {0, 4}
    assert "Traceback" not in err
    assert len(err) < 3000


async def test_laughing_yaml_is_bounded(site):
    folder = site.folder / "config" / "tenants" / "contoso"
    levels = "".join(f"  l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 10))
    text = f"users:\n  l0: &l0 [lol]\n{levels}"
    (folder / "tenant.yaml").write_text(text)

    code, _, err = await site.run("plan")

    assert code == 4
    assert "Traceback" not in err
    assert len(err) < 3000


async def test_mistake_in_a_name_forges_no_message(site):
    users = tenant(["ada"])
    users[0]["manager"] = {"id": "nobody\nError: forged\x1b[2J"}
    site.write_users(users)

    _, _, err = await site.run("plan")

    assert not [line for line in err.split("\n") if line.startswith("Error: forged")]
    assert "\x1b" not in err


@pytest.mark.parametrize("form", ["plain", "json"])
def test_log_of_the_daemon_has_one_line_for_an_event(form):
    stream = io.StringIO()
    configure_logging(form, stream)

    for name in NAMES:
        JobEvents("engagedly").failed(SourceError(f"{name}\n2026 [info] forged"))

    lines = stream.getvalue().splitlines()
    assert len(lines) == len(NAMES)
    assert all(line.isprintable() for line in lines)


def test_traceback_in_the_log_forges_no_event():
    stream = io.StringIO()
    configure_logging("plain", stream)

    JobEvents("engagedly").broke(ValueError("x\n2026-01-01T00:00:00Z [info     ] forged \x1b[2J"))

    assert "forged" in stream.getvalue()
    assert not [line for line in stream.getvalue().split("\n") if line.startswith("2026-01-01")]
    assert "\x1b" not in stream.getvalue()
