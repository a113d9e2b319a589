"""Turn an expression's tree into a closure, once per mapping, to be called per object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from entrasim.engine.expressions.functions import FUNCTIONS
from entrasim.engine.expressions.functions.function import Evaluate, Function, checked
from entrasim.engine.expressions.functions.logic import compare
from entrasim.engine.expressions.functions.provisioning import REDACT, SELECT_UNIQUE
from entrasim.engine.expressions.functions.replacing import REPLACE
from entrasim.engine.expressions.functions.values import failed, is_empty
from entrasim.engine.expressions.parsing import ExpressionError, attributes_of, parse
from entrasim.engine.expressions.surroundings import NOWHERE, Surroundings
from entrasim.engine.expressions.tree import Attribute, Call, Comparison, Constant, Node
from entrasim.engine.patterns import TIME_LIMIT
from entrasim.model.entry import Value
from entrasim.model.schema import EmptyCondition

VOLATILE = frozenset({"Guid", "Now", "RandomString"})
"""Functions that give another value every time."""

PATTERNS_LIMIT = 1.0
"""Seconds for all regular expressions of one evaluation together."""


def compile_expression(text: str, surroundings: Surroundings = NOWHERE) -> Evaluate:
    """Compile an expression.

    What it gives raises a SourceObjectError for an object whose value can't be told.

    Raises:
        ExpressionError: it can't be read, names a function that doesn't exist, or uses
            one wrongly.
    """
    node = parse(text)
    seconds = _pattern_seconds(node)
    return _Compiler(text, replace(surroundings, pattern_seconds=seconds)).compile(
        node, at_top=True
    )


def functions_of(node: Node | None) -> Iterator[str]:
    """Name the functions that an expression calls, the outermost first."""
    match node:
        case Call(function=function, arguments=arguments):
            yield function
            for argument in arguments:
                yield from functions_of(argument)
        case Comparison(left=left, right=right):
            yield from functions_of(left)
            yield from functions_of(right)


def parameter_names(call: Call) -> list[str]:
    """What the arguments of a call are called, in their order; the call compiles."""
    function = FUNCTIONS[call.function]
    return [function.parameter(position) for position in range(len(call.arguments))]


def unknown_functions(node: Node | None) -> list[str]:
    """Name the functions that an expression calls and nobody knows, each once."""
    return [name for name in dict.fromkeys(functions_of(node)) if name not in FUNCTIONS]


def redacts(node: Node) -> bool:
    """Whether logs and plans must not show an expression's value."""
    return REDACT in functions_of(node)


def _pattern_seconds(node: Node) -> float:
    """Each call's share of the time; there are no loops, so that none is made twice."""
    calls = sum(name == REPLACE for name in functions_of(node))
    return min(TIME_LIMIT, PATTERNS_LIMIT / max(calls, 1))


class _Compiler:
    """Compiles the nodes of one expression."""

    def __init__(self, text: str, surroundings: Surroundings) -> None:
        self._text, self._surroundings = text, surroundings

    def compile(self, node: Node, *, at_top: bool = False) -> Evaluate:
        match node:
            case Attribute(name=name):
                return lambda attributes: attributes.get(name)
            case Constant(value=value):
                return lambda _: value
            case Call():
                return self._call(node, at_top=at_top)
            case Comparison(position=position):
                raise self._error(position, "a comparison can stand in a condition only")

    def _call(self, node: Call, *, at_top: bool) -> Evaluate:
        function = FUNCTIONS.get(node.function)
        if function is None:
            raise self._error(node.position, unknown_function(node.function))
        if node.function == SELECT_UNIQUE and not at_top:
            raise self._error(node.position, f"{SELECT_UNIQUE} can't be nested")
        try:
            function.check(node.arguments)
            arguments = [
                self._argument(argument, function, index)
                for index, argument in enumerate(node.arguments)
            ]
            return checked(function.name, function.build(arguments, self._surroundings))
        except TypeError as error:
            raise self._error(node.position, f"{function.name}: {error}") from None

    def _argument(self, node: Node | None, function: Function, index: int) -> Evaluate | None:
        if node is None:
            return None
        if index == 0 and function.compares:
            return self._condition(node)
        return self.compile(node)

    def _condition(self, node: Node) -> Evaluate:
        """A condition; null, unless told otherwise, when an attribute it asks for is empty.

        The page: "If the source attribute used within the IIF function is empty or null,
        the condition check fails."
        """
        failing = self._surroundings.empty_condition
        names = tuple(dict.fromkeys(attributes_of(node)))
        evaluate = self._comparison(node) if isinstance(node, Comparison) else self.compile(node)

        def checked(attributes: Mapping[str, Value]) -> Value:
            if any(is_empty(attributes.get(name)) for name in names):
                return _fail(failing, names)
            return evaluate(attributes)

        return checked

    def _comparison(self, node: Comparison) -> Evaluate:
        left, right, operator = self.compile(node.left), self.compile(node.right), node.operator
        return lambda attributes: compare(operator, left(attributes), right(attributes))

    def _error(self, position: int, message: str) -> ExpressionError:
        return ExpressionError(self._text, position, message)


def _fail(failing: EmptyCondition, names: Sequence[str]) -> Value:
    match failing:
        case EmptyCondition.NULL:
            return None
        case EmptyCondition.FALSE:
            return False
        case EmptyCondition.ERROR:
            raise failed(f"the condition can't be told: {' or '.join(names)} is empty")


def unknown_function(name: str) -> str:
    """Say that there is no such function, and which is meant."""
    folded = {known.casefold(): known for known in FUNCTIONS}
    close = get_close_matches(name.casefold(), folded, n=1)
    hint = f"; did you mean {folded[close[0]]}?" if close else ""
    return f"no function {name}{hint}"
