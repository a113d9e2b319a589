"""The house's own rules: sizes, names, and nothing private in the text."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import entrasim

PACKAGE = Path(entrasim.__file__).parent
ROOT = PACKAGE.parent
MODULES = [p for p in sorted(PACKAGE.rglob("*.py")) if "migrations" not in p.parts]
FORBIDDEN = {"utils", "helpers", "common", "base", "manager", "misc"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_module_is_small_and_documented(path):
    text = path.read_text(encoding="utf-8")

    tree = ast.parse(text)

    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(tree)
    assert path.stem not in FORBIDDEN


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_function_is_longer_than_forty_lines(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))

    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [f.name for f in functions if (f.end_lineno or 0) - f.lineno + 1 > 40]

    assert long == []


def test_cycle_reads_as_read_decide_do_record():
    tree = ast.parse((PACKAGE / "engine" / "cycle.py").read_text(encoding="utf-8"))

    (carry,) = [n for n in tree.body if getattr(n, "name", "") == "carry"]

    assert (carry.end_lineno or 0) - carry.lineno <= 25


def test_pytest_plugin_imports_nothing_heavy():
    tree = ast.parse((PACKAGE / "testing" / "plugin.py").read_text(encoding="utf-8"))

    imported = {n.module for n in tree.body if isinstance(n, ast.ImportFrom)}
    imported |= {a.name for n in tree.body if isinstance(n, ast.Import) for a in n.names}

    assert imported <= {"__future__", "collections.abc", "typing", "pytest"}
