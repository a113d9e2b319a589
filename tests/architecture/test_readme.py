"""README's commands and code do what they say. Needs the repository."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import entrasim

ROOT = Path(entrasim.__file__).parent.parent
README = ROOT / "README.md"

pytestmark = pytest.mark.skipif(not README.exists(), reason="needs the repository")


def blocks(language: str) -> list[str]:
    text = README.read_text(encoding="utf-8") if README.exists() else ""
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def entrasim_commands() -> list[str]:
    lines = [line for block in blocks("console") for line in block.splitlines()]
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ entrasim ")]


@pytest.mark.parametrize("command", sorted(set(entrasim_commands())))
def test_every_command_shown_is_one_that_exists(command):
    words = [w for w in command.rstrip("& ").split()[1:] if "=" not in w and "@" not in w]
    group = []
    for word in words:
        if word.startswith("-") or word in {"entra", "mine"}:
            break
        group.append(word)

    help_text = subprocess.run(
        [sys.executable, "-m", "entrasim", *group, "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert "Usage" in help_text
    assert all(option in help_text for option in words if option.startswith("--"))


def test_table_of_commands_names_every_command():
    listed = subprocess.run(
        [sys.executable, "-m", "entrasim", "--help"], capture_output=True, text=True, check=True
    ).stdout

    found = re.findall(r"^ *│? *([a-z][a-z-]+) {2,}", listed, re.MULTILINE)

    assert set(found) >= {"sync", "plan", "serve", "job", "logs", "tenant", "engagedly"}
    text = README.read_text(encoding="utf-8")
    assert [name for name in found if f"`entrasim {name}" not in text] == []


def test_story_of_the_first_cycle_works_from_an_empty_folder(tmp_path):
    story = next(block for block in blocks("console") if "tenant user set" in block)
    script = story.replace("$ ", "").replace(
        "entrasim engagedly serve &",
        "entrasim engagedly serve --port $PORT & SERVER=$!\n"
        "until entrasim engagedly connection list >/dev/null 2>&1; do :; done",
    )
    script = script.replace(
        "entrasim engagedly connection add entra\nexport ENGAGEDLY_TOKEN=…",
        "TOKEN_JSON=$(entrasim engagedly connection add entra --port $PORT --json)\n"
        'export ENGAGEDLY_TOKEN=$(echo $TOKEN_JSON | sed \'s/.*"token": "//; s/".*//\')',
    )
    assert "TOKEN_JSON" in script
    port = free_port()
    program = tmp_path / "bin" / "entrasim"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m entrasim "$@"\n')
    program.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PORT": str(port),
        "ENTRASIM_JOBS__ENGAGEDLY__TARGET__BASE_URL": f"http://127.0.0.1:{port}/scim/v2",
    }

    done = subprocess.run(
        ["bash", "-c", f"trap 'kill $SERVER' EXIT\nset -e\n{script}"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )

    assert done.returncode == 0, done.stderr
    assert "Ada Lovelace" in done.stdout
    assert "CTO" in done.stdout


def test_expressions_shown_give_what_is_shown(tmp_path):
    shown = next(block for block in blocks("console") if "entrasim expression" in block)
    subprocess.run([sys.executable, "-m", "entrasim", "init"], cwd=tmp_path, check=True)
    environment = {**os.environ, "ENGAGEDLY_TOKEN": "none"}

    for example in shown.split("$ entrasim ")[1:]:
        command, _, expected = example.partition("\n")
        done = subprocess.run(
            [sys.executable, "-m", "entrasim", *shlex.split(command)],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == expected


@pytest.mark.parametrize(
    ("language", "path"),
    [("python", "sdk/hire_and_dismiss.py"), ("javascript", "javascript/hire_and_dismiss.js")],
)
def test_lines_shown_of_a_program_are_in_the_program_that_is_tested(language, path):
    program = (ROOT / "tests" / path).read_text(encoding="utf-8").splitlines()
    shown = [line.strip() for b in blocks(language) if "ENTRASIM" in b for line in b.splitlines()]

    assert shown
    assert set(shown) <= {line.strip() for line in program}


def free_port() -> int:
    import socket  # noqa: PLC0415 - used once

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
