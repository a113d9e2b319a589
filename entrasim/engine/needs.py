"""What a schema reads of the directory, so that no more need be asked of it."""

from __future__ import annotations

from itertools import chain

from entrasim.engine.compiled import CompiledMapping, compile_schema
from entrasim.model.entry import ObjectType
from entrasim.model.schema import FilterGroup, Schema


def attributes_read(schema: Schema) -> dict[ObjectType, frozenset[str]]:
    """The source attributes of each kind that is provisioned, which mappings and filters read."""
    found = {}
    for kind, compiled in compile_schema(schema).items():
        mapping = schema.mapping_of(kind)
        groups = mapping.filter_groups if mapping else ()
        found[kind] = _of_mappings(compiled) | _of_filters(groups)
    return found


def _of_mappings(compiled: CompiledMapping) -> frozenset[str]:
    flows = chain(compiled.flows, compiled.references, compiled.memberships)
    return frozenset(chain.from_iterable(flow.reads for flow in flows))


def _of_filters(groups: tuple[FilterGroup, ...]) -> frozenset[str]:
    return frozenset(clause.source_operand for group in groups for clause in group.clauses)
