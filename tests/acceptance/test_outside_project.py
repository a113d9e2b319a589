"""README's third use, in a project outside that has only the wheel. Needs the repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import entrasim

ROOT = Path(entrasim.__file__).parent.parent

pytestmark = [
    pytest.mark.skipif(not (ROOT / "README.md").exists(), reason="needs the repository"),
    pytest.mark.timeout(240),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Only the wheel: built from the repository and unpacked beside its dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = folder.glob("entrasim-*.whl")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run(
        [*install, "--target", str(folder / "site"), str(wheel)], check=True, capture_output=True
    )
    return folder / "site"


def environment(site: Path) -> dict[str, str]:
    """A Python that finds the wheel before anything else."""
    libraries = sysconfig.get_paths()["purelib"]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), libraries])}


def test_readmes_test_passes_with_only_the_wheel(site, tmp_path):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (code,) = (block for block in blocks if "async def test_" in block)
    (tmp_path / "test_leaver.py").write_text(code)
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
    )

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:randomly", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env=environment(site),
        capture_output=True,
        text=True,
        check=False,
    )

    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_demo_runs_from_an_empty_folder_with_only_the_wheel_and_leaves_nothing(site, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "entrasim", "demo", "--exit"],
        cwd=tmp_path,
        env=environment(site),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "Initial cycle: 7 created" in done.stdout
    assert "Incremental cycle: nothing changed · 1 request (1 GET)" in done.stdout
    assert "\x1b[" not in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_wheel_finds_itself_and_its_files_without_the_repository(site, tmp_path):
    code = "import entrasim, pathlib; print(pathlib.Path(entrasim.__file__).parent.parent)"

    where = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(site),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()

    assert Path(where) == site
    assert (site / "entrasim" / "config" / "schemas" / "engagedly.json").exists()
    assert (site / "entrasim" / "state" / "migrations" / "script.py.mako").exists()
