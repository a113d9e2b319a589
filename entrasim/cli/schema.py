"""schema: the attribute mapping, as Graph's synchronizationSchema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from entrasim.cli import importing, output
from entrasim.cli.options import COMMON, STANDALONE, Common, Standalone
from entrasim.errors import ConfigurationError

if TYPE_CHECKING:
    from entrasim.bootstrap import Examined
    from entrasim.model.schema import ObjectMapping

app = App(name="schema", help="Show, export, import and validate the attribute mapping.")


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
    for index, group in enumerate(group for group in mapping.filter_groups if group.clauses):
        clauses = " and ".join(clause.text for clause in group.clauses)
        title = f"  ({group.name})" if group.name else ""
        output.line("       or if " if index else "  only if ", (clauses, "cyan"), (title, "dim"))


@app.command
def export(
    file: Annotated[Path, Parameter(allow_leading_hyphen=True)], /, *, common: Common = COMMON
) -> int:
    """Write a job's schema as JSON, with nothing lost of what was read.

    Edited, it becomes the job's by `entrasim schema import`.

    Args:
        file: Where to write it; `-` is stdout.
        common: Options of every such command.
    """
    document = common.settings().schema.document
    if str(file) == "-":
        output.as_json(document, indent=2)
        return 0
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
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
    found = _examined(file, _read(file))
    if options.json:
        output.as_json(_verdict(found))
    else:
        _tell(found)
        if not found.mistakes:
            output.line(("✓ ", "green"), f"{file} is a valid schema")
    return 1 if found.mistakes else 0


@app.command(name="import")
def import_schema(file: Path, /, *, common: Common = COMMON) -> int:
    """Make a file the schema of a job; with any mistake in it, nothing is changed.

    The file that the job's `schema` names is replaced. In the place of a built-in
    schema comes a new file beside the configuration, and its name into it. A job
    made through the API keeps its schema in the state.

    Args:
        file: A synchronizationSchema as JSON; `schema export` and Graph give one.
        common: Options of every such command.
    """
    text = _read(file)
    found = _examined(file, text)
    if not found.mistakes:
        return importing.carry_out(file, text, found.warnings, common)
    if common.json:
        output.as_json({"imported": False, **_verdict(found)})
    else:
        _tell(found)
        output.note("Nothing was changed.")
    return 1


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file}: can't be read: {error.strerror}") from None


def _examined(file: Path, text: bytes) -> Examined:
    """Everything there is to say of a file's text."""
    from entrasim.bootstrap import Examined, examined  # noqa: PLC0415 - not for --help
    from entrasim.config import document_of  # noqa: PLC0415 - likewise

    try:
        document = document_of(text, str(file))
    except ConfigurationError as error:
        return Examined(error.problems, ())
    return examined(document, origin=str(file))


def _tell(found: Examined) -> None:
    for mistake in found.mistakes:
        output.line(("✗ ", "red"), mistake)
    for warning in found.warnings:
        output.note(f"Warning: {warning}")


def _verdict(found: Examined) -> dict[str, object]:
    return {
        "valid": not found.mistakes,
        "problems": list(found.mistakes),
        "warnings": list(found.warnings),
    }
