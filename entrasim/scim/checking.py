"""What is wrong with the target attributes of a mapping, as places in a SCIM resource."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entrasim.model.schema import ObjectMapping, Schema
from entrasim.scim.paths import Path, parse

_NAME = re.compile(r"[A-Za-z$][\w$-]*")
_CONDITIONS = re.compile(
    r'(?i)\[[\w$-]+ +eq +(?:"[^"]*"|true|false)(?: +and +[\w$-]+ +eq +(?:"[^"]*"|true|false))*\]'
)
_THE_TARGETS = frozenset({"id", "meta", "schemas"})


def unwritable(schema: Schema) -> list[str]:
    """Every target attribute of an enabled mapping that can't be written to; place and reason."""
    return [told for m in schema.mappings if m.enabled for told in _unwritable_of(m)]


def _unwritable_of(mapping: ObjectMapping) -> Iterator[str]:
    first: dict[tuple[str, str], tuple[Path, str]] = {}
    for index, attribute in enumerate(mapping.attributes):
        name = attribute.target_attribute
        path, place = parse(name), f"{mapping.place}.attributeMappings[{index}] ({name:.200})"
        if problem := _problem(name, path):
            yield f"{place}: {problem}"
            continue
        key = ((path.extension or "").casefold(), path.attribute.casefold())
        other, elsewhere = first.setdefault(key, (path, place))
        if _form(other) != _form(path):
            yield f"{place}: can't stand beside {elsewhere}, which has another form; choose one"


def _problem(name: str, path: Path) -> str | None:
    """Why a target attribute is no place that can be written to."""
    if "[" in name and not _CONDITIONS.search(name):
        return 'the condition can\'t be read; expected one like [type eq "work"]'
    if not all(_NAME.fullmatch(part) for part in (path.attribute, path.part or "value")):
        return 'is no attribute; expected name, name.part, name[type eq "work"].part or urn:…:name'
    if path.extension is None and path.attribute.casefold() in _THE_TARGETS:
        return f"{path.attribute} is the target's own; remove the mapping"
    return None


def _form(path: Path) -> str:
    """Whether an attribute is written whole, by its parts, or by elements that a filter picks."""
    if path.conditions:
        return "elements"
    return "whole" if path.part is None else "parts"
