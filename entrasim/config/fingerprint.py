"""A digest of what in a schema decides what is sent."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from entrasim.model.schema import ObjectDefinition, ObjectMapping


def fingerprint(mappings: Sequence[ObjectMapping], objects: dict[str, ObjectDefinition]) -> str:
    """A digest of the enabled mappings, their filters, and the attributes they write.

    Names, ids, metadata, versions, the order in a document and what is disabled have no part
    in it: they change nothing in the target.
    """
    parts = [_mapping(mapping, objects) for mapping in mappings if mapping.enabled]
    canonical = msgspec.json.encode(parts, order="deterministic")
    return blake2b(canonical, digest_size=16).hexdigest()


def _mapping(mapping: ObjectMapping, objects: dict[str, ObjectDefinition]) -> list[object]:
    mapped = {attribute.target_attribute for attribute in mapping.attributes}
    definition = objects.get(mapping.target_object)
    known = definition.attributes if definition else ()
    return [
        mapping.object_type,
        mapping.target_object,
        sorted(mapping.actions),
        sorted(msgspec.json.encode(a, order="deterministic").decode() for a in mapping.attributes),
        sorted([a.name, a.type, a.case_exact, a.multivalued] for a in known if a.name in mapped),
        [group.clauses for group in mapping.filter_groups if group.clauses],
    ]
