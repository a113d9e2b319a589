"""Which of a schema's synchronization rules a job runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from entrasim.model.entry import ObjectType

Json = dict[str, Any]

TARGET_OBJECTS = {
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": ObjectType.USER,
    "urn:ietf:params:scim:schemas:core:2.0:Group": ObjectType.GROUP,
}
"""What the target's objects are to entrasim, by the names that Entra gives them."""


def rule_index(document: Mapping[str, Any]) -> int:
    """The place of the rule that counts: of those that provision users, the first in priority.

    Without such a rule it is the first one, so that there is something to tell mistakes of.
    """
    rules = document.get("synchronizationRules")
    found = [
        (_priority(rule), index)
        for index, rule in enumerate(rules if isinstance(rules, list) else ())
        if isinstance(rule, dict) and any(map(_provisions_users, _mappings(rule)))
    ]
    return min(found, default=(0, 0))[1]


def mappings_that_count(document: Json) -> list[Json]:
    """The object mappings of the rule that counts; the document is a schema without mistakes."""
    return list(_mappings(document["synchronizationRules"][rule_index(document)]))


def _mappings(rule: Json) -> Iterator[Json]:
    mappings = rule.get("objectMappings")
    yield from (m for m in (mappings if isinstance(mappings, list) else ()) if isinstance(m, dict))


def _provisions_users(mapping: Json) -> bool:
    target = str(mapping.get("targetObjectName"))
    return mapping.get("enabled") is True and TARGET_OBJECTS.get(target) is ObjectType.USER


def _priority(rule: Json) -> float:
    """A rule's priority, lower ones first; without a number it comes last."""
    priority = rule.get("priority")
    return priority if isinstance(priority, int) else float("inf")
