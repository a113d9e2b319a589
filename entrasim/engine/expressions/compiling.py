"""Turn an expression's tree into a closure, once per mapping, to be called per object."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from entrasim.engine.expressions.functions import FUNCTIONS
from entrasim.engine.expressions.parsing import ExpressionError, parse
from entrasim.engine.expressions.tree import Attribute, Call, Constant, Node
from entrasim.model.entry import Value

Evaluate = Callable[[Mapping[str, Value]], Value]
"""Takes an object's source attributes and gives the mapping's value."""


def compile_expression(text: str) -> Evaluate:
    """Compile an expression.

    Raises:
        ExpressionError: it can't be read, or names a function that doesn't exist.
    """
    return _compile(parse(text), text)


def _compile(node: Node, text: str) -> Evaluate:
    match node:
        case Attribute(name=name):
            return lambda attributes: attributes.get(name)
        case Constant(value=value):
            return lambda _: value
        case Call(function=function, arguments=arguments, position=position):
            build = FUNCTIONS.get(function)
            if build is None:
                known = ", ".join(sorted(FUNCTIONS))
                raise ExpressionError(text, position, f"no function {function} (known: {known})")
            try:
                return build([_compile(a, text) if a is not None else None for a in arguments])
            except TypeError as error:
                raise ExpressionError(text, position, f"{function}: {error}") from None
