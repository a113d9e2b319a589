"""schema: the attribute mapping, as Graph's synchronizationSchema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App

from entrasim.cli import output
from entrasim.cli.options import COMMON, STANDALONE, Common, Standalone
from entrasim.errors import ConfigurationError

if TYPE_CHECKING:
    from entrasim.model.schema import ObjectMapping

app = App(name="schema", help="Show, export and validate the attribute mapping.")


@app.command
def show(*, common: Common = COMMON) -> int:
    """Show the mappings of a job as a table; with --json the whole schema."""
    loaded = common.settings().schema
    if common.json:
        output.as_json(loaded.document)
        return 0
    for mapping in loaded.schema.mappings:
        _show_mapping(mapping)
    return 0


def _show_mapping(mapping: ObjectMapping) -> None:
    output.line((mapping.name, "bold"), ("" if mapping.enabled else " (disabled)", "yellow"))
    width = max((len(a.target_attribute) for a in mapping.attributes), default=0)
    for attribute in mapping.attributes:
        matching = f"  matching {attribute.matching_priority}"
        source = attribute.expression or f"constant {attribute.default_value!r}"
        output.line(
            f"  {attribute.target_attribute:<{width}}  ← ",
            (source, "cyan"),
            (matching if attribute.matching_priority else "", "green"),
        )
    for group in mapping.filter_groups:
        clauses = (f"{c.source_operand} {c.operator} {', '.join(c.values)}" for c in group.clauses)
        output.line("  only if ", (" and ".join(clauses), "cyan"))


@app.command
def export(file: Path, /, *, common: Common = COMMON) -> int:
    """Write a job's schema as JSON, with nothing lost of what was read.

    Edited, it becomes the job's by `schema = "../my-schema.json"` in the
    configuration; the path is relative to that file.

    Args:
        file: Where to write it; `-` is stdout.
        common: Options of every such command.
    """
    text = json.dumps(common.settings().schema.document, indent=2, ensure_ascii=False) + "\n"
    if str(file) == "-":
        output.results().file.write(text)
        return 0
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{file}: can't be written: {error.strerror}") from None
    if common.json:
        output.as_json({"written": str(file)})
    else:
        output.line(("+ ", "green"), str(file))
    return 0


@app.command
def validate(file: Path, /, *, options: Standalone = STANDALONE) -> int:
    """Tell every mistake in a schema file; exit code 1 if there is any.

    Args:
        file: A synchronizationSchema as JSON.
        options: Options of every command.
    """
    problems = _problems(file)
    if options.json:
        output.as_json({"valid": not problems, "problems": problems})
        return 1 if problems else 0
    for problem in problems:
        output.line(("✗ ", "red"), problem)
    if not problems:
        output.line(("✓ ", "green"), f"{file} is a valid schema")
    return 1 if problems else 0


def _problems(file: Path) -> list[str]:
    """Every mistake in the file.

    Raises:
        ConfigurationError: there is no such file.
    """
    from entrasim.config import load_schema  # noqa: PLC0415 - slow to import, not for --help
    from entrasim.engine.compiled import mistakes  # noqa: PLC0415 - likewise

    try:
        schema = load_schema(str(file), Path()).schema
    except ConfigurationError as error:
        if not file.is_file():
            raise
        return list(error.problems)
    return [f"{file}: {text}" for text in mistakes(schema)]
