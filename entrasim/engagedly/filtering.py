"""Searching: what of a filter an index answers, and what is left to look at each resource."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct
from scim2_models import InvalidFilterException, ScimFilter
from scim2_models.path import AttrPath, Comparison, FilterNode, LogicalExpr, Not, Present, ValuePath

from entrasim.engagedly.documents import Json, matches
from entrasim.engagedly.errors import bad_request


class Search(Struct, frozen=True):
    """A filter, taken apart.

    Attributes:
        equalities: pairs of an indexed name, folded, and its value; all must hold.
        rest: conditions that must hold besides.
    """

    equalities: tuple[tuple[str, str], ...] = ()
    rest: tuple[FilterNode, ...] = ()

    def looks_at(self, attribute: str) -> bool:
        """Whether the rest needs an attribute of the resources."""
        return any(attribute in _attributes(node) for node in self.rest)

    def picks(self, resource: Json) -> bool:
        """Whether a resource meets the rest."""
        return all(matches(node, resource) for node in self.rest)


def read(text: str | None, indexed: Collection[str]) -> Search:
    """Read a filter; without one everything is found.

    Raises:
        ScimError: 400 if the text is no filter.
    """
    if not text:
        return Search()
    try:
        node = ScimFilter(text).ast
    except (InvalidFilterException, ValueError, RecursionError) as error:
        raise bad_request("invalidFilter", f"no filter: {error}"[:300]) from None
    return taken_apart(node, indexed)


def taken_apart(node: FilterNode, indexed: Collection[str]) -> Search:
    """Part the equalities that must hold and that an index knows from all the rest."""
    equalities, rest = [], []
    for term in _terms(node):
        equality = _equality(term)
        if equality and equality[0] in indexed:
            equalities.append(equality)
        else:
            rest.append(term)
    return Search(tuple(equalities), tuple(rest))


def _terms(node: FilterNode) -> Iterator[FilterNode]:
    """What must hold, each by itself."""
    if isinstance(node, LogicalExpr) and node.op.value == "and":
        for term in node.terms:
            yield from _terms(term)
    else:
        yield node


def _equality(node: FilterNode) -> tuple[str, str] | None:
    match node:
        case Comparison(attr_path=path, value=str(value)) if node.op.value == "eq":
            return (_name(path), value)
        case ValuePath(attr_path=path, val_filter=inner, sub_attr=None):
            found = _equality(inner)
            return found and (f"{_name(path)}.{found[0]}", found[1])
    return None


def _name(path: AttrPath) -> str:
    """An attribute's folded name; one of an extension keeps its URN before it."""
    names = [path.attr] if path.sub_attr is None else [path.attr, path.sub_attr]
    uri = "" if path.uri is None or ":core:" in path.uri.casefold() else f"{path.uri}:"
    return (uri + ".".join(names)).casefold()


def _attributes(node: FilterNode) -> set[str]:
    match node:
        case LogicalExpr(terms=terms):
            return {name for term in terms for name in _attributes(term)}
        case Not(expr=expr):
            return _attributes(expr)
        case Comparison(attr_path=path) | Present(attr_path=path) | ValuePath(attr_path=path):
            return {path.attr.casefold()}
    return set()
