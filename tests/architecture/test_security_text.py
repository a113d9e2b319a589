"""SECURITY.md claims nothing that no test shows. Needs the repository."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SECURITY = ROOT / "SECURITY.md"


@pytest.mark.skipif(not SECURITY.exists(), reason="needs the repository")
def test_every_test_that_is_named_exists():
    named = set(re.findall(r"`(test_\w+)`", SECURITY.read_text(encoding="utf-8")))
    files = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]

    existing = {name for text in files for name in re.findall(r"def (test_\w+)\(", text)}

    assert named
    assert named - existing == set()
