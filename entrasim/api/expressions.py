"""An expression, read and tried out, as Graph's parseExpression answers.

Source: learn.microsoft.com/graph/api/synchronization-synchronizationschema-parseexpression
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from entrasim.engine.expressions import (
    ExpressionError,
    Surroundings,
    compile_expression,
    parameter_names,
    parse,
)
from entrasim.engine.expressions.tree import Attribute, Call, Comparison, Constant, Node
from entrasim.errors import SourceObjectError
from entrasim.model.entry import Value

_TYPES = {str: "String", bool: "Boolean", int: "Integer", tuple: "Strings", type(None): "null"}


def parse_expression(
    text: str, attributes: Mapping[str, Value], surroundings: Surroundings
) -> dict[str, object]:
    """Read an expression and evaluate it; what goes wrong is part of the answer.

    Besides Graph's members it has `expression` and `type`, the type of what came out:
    String, Strings (of a multi-valued attribute), Boolean, Integer or null.
    """
    answer: dict[str, object] = {
        "expression": text,
        "parsingSucceeded": False,
        "parsingError": None,
        "evaluationSucceeded": False,
        "evaluationResult": [],
        "error": None,
        "type": None,
        "parsedExpression": None,
    }
    try:
        evaluate = compile_expression(text, surroundings)
    except ExpressionError as error:
        return {**answer, "parsingError": _error("ExpressionNotParsed", str(error))}
    answer |= {"parsingSucceeded": True, "parsedExpression": source(parse(text))}
    try:
        value = evaluate(attributes)
    except SourceObjectError as error:
        return {**answer, "error": _error(error.code, str(error))}
    result = list(_texts(value))
    return {
        **answer,
        "evaluationSucceeded": True,
        "evaluationResult": result,
        "type": _TYPES[type(value)],
    }


def source(node: Node) -> dict[str, object]:
    """A node of an expression as Graph's attributeMappingSource.

    An optional argument that was left out is none of the parameters. A comparison, of
    which Graph shows no example, is a function with the operator's name.
    """
    parameters: list[dict[str, object]] = []
    match node:
        case Attribute(name=name):
            kind = "Attribute"
        case Constant(value=value):
            kind, name = "Constant", str(value)
        case Call(function=name, arguments=arguments):
            keyed = zip(parameter_names(node), arguments, strict=True)
            kind = "Function"
            parameters = [_parameter(key, given) for key, given in keyed if given is not None]
        case Comparison(operator=name, left=left, right=right):
            kind = "Function"
            parameters = [_parameter("left", left), _parameter("right", right)]
    return {"expression": str(node), "name": name, "parameters": parameters, "type": kind}


def _parameter(key: str, node: Node) -> dict[str, object]:
    return {"key": key, "value": source(node)}


def _error(code: str, message: str) -> dict[str, object]:
    """Graph's publicError."""
    return {"code": code, "message": message}


def _texts(value: Value) -> Iterator[str]:
    """The values as Graph lists them; nothing is an empty list."""
    if isinstance(value, tuple):
        yield from value
    elif value is not None:
        yield str(value)
