"""Write a job's own scoping filters into its schema, so that there is one truth.

Source: learn.microsoft.com/graph/api/resources/synchronization-filter
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from msgspec import structs

from entrasim.config.schema_json import LoadedSchema, read_schema
from entrasim.config.schema_rule import mappings_that_count
from entrasim.config.settings import FilterTable
from entrasim.errors import ConfigurationError
from entrasim.model.entry import ObjectType
from entrasim.model.schema import Readings

Json = dict[str, Any]


def narrowed(
    loaded: LoadedSchema, filters: Sequence[FilterTable], readings: Readings
) -> LoadedSchema:
    """A schema with these filters in the place of its own, for the kinds they are about.

    Both the document and the fingerprint are as if the filters had been in the file. Other
    readings than the usual ones change the fingerprint too.

    Raises:
        ConfigurationError: a filter is about objects that the schema doesn't provision.
    """
    if filters:
        loaded = _with(loaded, filters)
    if readings == Readings():
        return loaded
    fingerprint = "-".join((loaded.schema.fingerprint, *structs.astuple(readings)))
    schema = structs.replace(loaded.schema, readings=readings, fingerprint=fingerprint)
    return LoadedSchema(schema, loaded.document)


def _with(loaded: LoadedSchema, filters: Sequence[FilterTable]) -> LoadedSchema:
    document, problems = deepcopy(loaded.document), list[str]()
    mappings = mappings_that_count(document)
    for kind in dict.fromkeys(table.object_ for table in filters):
        found = [m for m in mappings if m.get("enabled") and m.get("sourceObjectName") == kind]
        if not found:
            problems.append(_in_vain(kind))
        groups = [_group(table) for table in filters if table.object_ is kind]
        for mapping in found:
            mapping["scope"] = {**_EMPTY, **(mapping.get("scope") or {}), "groups": groups}
    if problems:
        raise ConfigurationError(*problems)
    return read_schema(document, origin="filters")


def _group(table: FilterTable) -> Json:
    clauses = [
        {
            "operatorName": clause.operator,
            "sourceOperandName": clause.source_operand,
            "targetOperand": {"values": list(clause.values)},
        }
        for clause in table.clauses
    ]
    return {"name": table.name, "clauses": clauses}


def _in_vain(kind: ObjectType) -> str:
    return (
        f'object = "{kind}": the schema has no enabled mapping of {kind} objects, so that this '
        "filter would do nothing"
    )


_EMPTY: Json = {"groups": [], "inputFilterGroups": [], "categoryFilterGroups": []}
