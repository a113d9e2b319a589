"""The expression of an attribute mapping's source, as text.

Graph gives a source twice: as `expression`, and as the tree of its parse. The text counts;
a tree without one is written out.
Source: learn.microsoft.com/graph/api/resources/synchronization-attributemappingsource
"""

from __future__ import annotations

from collections.abc import Iterator

from entrasim.config.json_reader import Json, JsonReader, inside

MAX_DEPTH = 50  # as deep as an expression may be

# The functions that may lack an argument before others: only the key of a parameter tells which.
POSITIONS = {
    "FormatDateTime": ("source", "dateTimeStyles", "inputFormat", "outputFormat"),
    "IIF": ("condition", "valueIfTrue", "valueIfFalse"),
    "InStr": ("value1", "value2", "start", "compareType"),
    "Replace": (
        "source",
        "Find",
        "RegularExpression",
        "RegularExpressionGroupName",
        "Replacement",
        "ReplacementPropertyName",
        "Template",
    ),
    "Switch": ("source", "defaultValue"),
}


def expression_of(source: object, place: str, reader: JsonReader) -> str | None:
    """The text of a mapping's source; None for one that has a default value alone.

    What can't be read is a problem of the reader, and None as well.
    """
    return None if source is None else _text(source, place, reader, depth=0)


def _text(source: object, place: str, reader: JsonReader, *, depth: int) -> str | None:
    found = reader.members(source, place)
    written = found.get("expression")
    if not found:
        return None
    match str(found.get("type", "")).casefold():
        case "attribute":
            if not found.get("name") and isinstance(written, str) and written:
                return written
            attribute = reader.text(found, "name", place)
            if attribute and isinstance(written, str) and written not in {"", f"[{attribute}]"}:
                said = f"the name says [{attribute}], the expression {written}; the name counts"
                reader.warning(place, said)
            return f"[{attribute}]" if attribute else None
        case "constant":
            value = found.get("name")
            return _quoted("" if value is None else str(value))
        case "function" if isinstance(written, str) and written.strip():
            return written
        case "function":
            return _call(found, place, reader, depth + 1)
    reader.problem(
        inside(place, "type"), f"{found.get('type')!r} is none of Attribute, Constant, Function"
    )
    return None


def _call(found: Json, place: str, reader: JsonReader, depth: int) -> str | None:
    """A function written out from its name and parameters."""
    name = found.get("name")
    if not isinstance(name, str) or not name:
        reader.problem(inside(place, "expression"), "is missing, and there is no name either")
        return None
    if depth > MAX_DEPTH:
        reader.problem(place, f"nested deeper than {MAX_DEPTH} calls")
        return None
    before = len(reader.problems)
    given = list(_parameters(found, place, reader, depth))
    if len(reader.problems) > before:
        return None
    return f"{name}({', '.join(_placed(name, given))})"


def _parameters(
    found: Json, place: str, reader: JsonReader, depth: int
) -> Iterator[tuple[str, str]]:
    for path, parameter in reader.objects(found, "parameters", place):
        value = _text(parameter.get("value"), inside(path, "value"), reader, depth=depth)
        yield str(parameter.get("key", "")).casefold(), value or ""


def _placed(function: str, given: list[tuple[str, str]]) -> list[str]:
    """The arguments where they belong; those left out are empty."""
    names = [name.casefold() for name in POSITIONS.get(function, ())]
    by_name = {key: text for key, text in given if key in names}
    further = [text for key, text in given if key not in names]
    arguments = [by_name.get(name, "") for name in names] + further
    while arguments and not arguments[-1]:
        arguments.pop()
    return arguments


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
