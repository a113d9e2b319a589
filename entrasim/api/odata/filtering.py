"""$filter: a test of objects, made from its text once.

Source: learn.microsoft.com/graph/filter-query-parameter
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sized
from typing import Any

from odata_query import ast

from entrasim.api.graph_error import bad_request
from entrasim.api.odata import grammar
from entrasim.api.odata.entity_type import EntityType, Row, Shape
from entrasim.api.odata.options import unknown_property
from entrasim.api.odata.values import TESTS, compared, equal, literal

_DEEPEST = 40
_MOST_ALTERNATIVES = 15  # as Graph has it
_MOST_CONDITIONS = 64

Bound = Mapping[str, Any]
"""What the variables of lambdas stand for."""
Evaluate = Callable[[Row, Bound], Any]

_FUNCTIONS: Mapping[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
    "contains": lambda text, part: part in text,
}


def compile_filter(text: str, kind: EntityType) -> Callable[[Row], bool]:
    """The test that a $filter means.

    Raises:
        GraphError: it is none, or names what this kind of object doesn't have.
    """
    evaluate = _Compiler(kind).test(grammar.parse(text), {}, _DEEPEST)
    return lambda row: evaluate(row, {}) is True


class _Compiler:
    def __init__(self, kind: EntityType) -> None:
        self._kind = kind
        self._conditions = 0

    def test(self, node: ast._Node, names: Mapping[str, Any], deepest: int) -> Evaluate:
        """What says true or false of an object. `names` are the variables of lambdas."""
        self._conditions += not isinstance(node, ast.BoolOp)
        if deepest == 0 or self._conditions > _MOST_CONDITIONS:
            bounds = f"{_MOST_CONDITIONS} conditions, or is nested more than {_DEEPEST} deep"
            raise grammar.invalid(f"it has more than {bounds}.")
        match node:
            case ast.BoolOp(op=ast.And()):
                return _all([self.test(part, names, deepest - 1) for part in _chain(node)])
            case ast.BoolOp():
                _check_alternatives(either := _chain(node))
                return _any([self.test(part, names, deepest - 1) for part in either])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.test(operand, names, deepest - 1)
                return lambda row, bound: not inner(row, bound)
            case ast.Compare(comparator=ast.In(), left=left, right=ast.List(val=listed)):
                return self._listed(left, listed, names)
            case ast.Compare(comparator=comparator, left=left, right=right):
                return self._comparison(comparator, left, right, names)
            case ast.Call(func=function, args=[of, part]) if function.name in _FUNCTIONS:
                return self._function(function.name, of, part, names)
            case ast.CollectionLambda():
                return self._collection(node, names, deepest - 1)
            case ast.Identifier() | ast.Attribute():
                return self._value(node, names)
        raise bad_request(
            f"Unsupported or invalid query filter clause specified for resource "
            f"'{self._kind.name}'.",
            "Request_UnsupportedQuery",
        )

    def _comparison(
        self, comparator: object, left: ast._Node, right: ast._Node, names: Mapping[str, Any]
    ) -> Evaluate:
        compare = TESTS[type(comparator)]
        self._check_types(left, right)
        one, other = self._value(left, names), self._value(right, names)
        return lambda row, bound: compare(one(row, bound), other(row, bound))

    def _check_types(self, left: ast._Node, right: ast._Node) -> None:
        for path, given in ((left, right), (right, left)):
            if not isinstance(path, ast.Identifier):
                continue
            shape = self._kind.shape(self._kind.spelt(path.name) or "")
            is_flag, text = shape is Shape.BOOLEAN, isinstance(given, ast.String)
            if (is_flag and text) or (shape is Shape.TEXT and isinstance(given, ast.Boolean)):
                kinds = "'Edm.Boolean' and 'Edm.String'"
                raise grammar.invalid(
                    "A binary operator with incompatible types was detected. Found operand types "
                    f"{kinds} for '{path.name}'."
                )

    def _listed(
        self, left: ast._Node, listed: list[ast._Literal], names: Mapping[str, Any]
    ) -> Evaluate:
        _check_alternatives(listed)
        value = self._value(left, names)
        wanted = [_constant(one) for one in listed]
        texts = {compared(one) for one in wanted if isinstance(one, str)}
        others = [one for one in wanted if not isinstance(one, str)]

        def test(row: Row, bound: Bound) -> bool:
            found = value(row, bound)
            if isinstance(found, str) and found.casefold() in texts:
                return True
            return any(equal(found, one) for one in others)

        return test

    def _function(
        self, name: str, of: ast._Node, part: ast._Node, names: Mapping[str, Any]
    ) -> Evaluate:
        if name in self._kind.refuses:
            raise bad_request(
                f"Filter operator '{name.capitalize()}' is not supported.",
                "Request_UnsupportedQuery",
            )
        holds, text, sought = _FUNCTIONS[name], self._value(of, names), self._value(part, names)

        def test(row: Row, bound: Bound) -> bool:
            whole, piece = text(row, bound), sought(row, bound)
            if not isinstance(whole, str) or not isinstance(piece, str):
                return False
            return holds(whole.casefold(), piece.casefold())

        return test

    def _collection(
        self, node: ast.CollectionLambda, names: Mapping[str, Any], deepest: int
    ) -> Evaluate:
        if names:
            raise grammar.invalid("any and all can't stand inside one another.")
        values = self._value(node.owner, names)
        if node.lambda_ is None:
            return lambda row, bound: bool(values(row, bound))
        name = node.lambda_.identifier.name
        inner = self.test(node.lambda_.expression, {**names, name: None}, deepest)
        quantify = any if isinstance(node.operator, ast.Any) else all

        def test(row: Row, bound: Bound) -> bool:
            found = values(row, bound)
            members = found if isinstance(found, list) else []
            return quantify(inner(row, {**bound, name: one}) is True for one in members)

        return test

    def _value(self, node: ast._Node, names: Mapping[str, Any]) -> Evaluate:
        """What gives a value of an object: a property, a path, a variable, or a constant."""
        if not isinstance(node, ast.Identifier | ast.Attribute):
            constant = _constant(node)
            return lambda _row, _bound: constant
        first, *steps = _path(node)
        if first in names:
            return lambda _row, bound: _down(bound[first], steps)
        known = self._kind.spelt(first)
        if known is None or known in self._kind.expands:
            raise unknown_property("Invalid filter clause", first, self._kind)
        if not steps:
            return lambda row, _bound: row.get(known)
        return lambda row, _bound: _down(row.get(known), steps)


def _check_alternatives(alternatives: Sized) -> None:
    if len(alternatives) > _MOST_ALTERNATIVES:
        raise bad_request(
            "Too many child clauses specified in search filter expression containing 'OR' "
            f"operators: {len(alternatives)}. Max allowed: {_MOST_ALTERNATIVES}.",
            "Request_UnsupportedQuery",
        )


def _constant(node: ast._Node) -> object:
    try:
        return literal(node)
    except ValueError as error:
        raise grammar.invalid(f"{error}.") from None


def _path(node: ast.Identifier | ast.Attribute) -> list[str]:
    steps: list[str] = []
    found: ast._Node = node
    while isinstance(found, ast.Attribute):
        steps.append(found.attr)
        found = found.owner
    if not isinstance(found, ast.Identifier):
        raise grammar.invalid("a path has names only.")
    return [".".join((*found.namespace, found.name)), *reversed(steps)]


def _down(value: object, steps: list[str]) -> object:
    for step in steps:
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value


def _chain(node: ast.BoolOp) -> list[ast._Node]:
    """The parts of `a and b and c …`, however many there are."""
    parts: list[ast._Node] = []
    left: ast._Node = node
    while isinstance(left, ast.BoolOp) and type(left.op) is type(node.op):
        parts.append(left.right)
        left = left.left
    return [*reversed(parts), left]


def _all(parts: list[Evaluate]) -> Evaluate:
    return lambda row, bound: all(part(row, bound) for part in parts)


def _any(parts: list[Evaluate]) -> Evaluate:
    return lambda row, bound: any(part(row, bound) for part in parts)
