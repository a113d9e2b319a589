"""Which attributes a request wants to see (RFC 7644 §3.9)."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from entrasim.engagedly.documents import Json

_ALWAYS = frozenset({"id", "schemas"})


class Projection(Struct, frozen=True):
    """Only the attributes asked for, or all but those not wanted; id and schemas always."""

    wanted: frozenset[str] = frozenset()
    unwanted: frozenset[str] = frozenset()

    def shows(self, name: str) -> bool:
        """Whether an attribute is wanted."""
        folded = name.casefold()
        chosen = folded in self.wanted if self.wanted else folded not in self.unwanted
        return chosen or folded in _ALWAYS

    def of(self, resource: Json) -> Json:
        """What is wanted of a resource."""
        return {name: value for name, value in resource.items() if self.shows(name)}


def projection_of(query: Mapping[str, str]) -> Projection:
    """The projection that a request's parameters describe."""
    return Projection(_names(query, "attributes"), _names(query, "excludedAttributes"))


def _names(query: Mapping[str, str], parameter: str) -> frozenset[str]:
    given = query.get(parameter, "").split(",")
    return frozenset(name.strip().partition(".")[0].casefold() for name in given if name.strip())
