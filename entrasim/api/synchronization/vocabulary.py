"""The language of schemas: the operators of filters, the functions, and single expressions.

Source: learn.microsoft.com/graph/api/synchronization-synchronizationschema-filteroperators,
…-functions and …-parseexpression
"""

from __future__ import annotations

import asyncio
from random import SystemRandom

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from entrasim.api.expressions import parse_expression
from entrasim.api.graph_error import bad_request
from entrasim.api.odata import GraphJson
from entrasim.api.odata.answers import context_url
from entrasim.api.sent import sent
from entrasim.api.synchronization import templates
from entrasim.api.synchronization.ground import Ground
from entrasim.engine.expressions import Surroundings
from entrasim.engine.expressions.functions import FUNCTIONS
from entrasim.engine.expressions.functions.function import Function
from entrasim.model.entry import Value
from entrasim.model.job import Job
from entrasim.model.operators import Operator
from entrasim.model.schema import EmptyCondition

_ANY = ["String", "Integer", "Reference", "Binary", "Boolean", "DateTime"]
_TYPES = {
    Operator.IS_TRUE: ["Boolean"],
    Operator.IS_FALSE: ["Boolean"],
    Operator.IS_NULL: _ANY,
    Operator.IS_NOT_NULL: _ANY,
    Operator.EQUALS: ["String", "Integer"],
    Operator.NOT_EQUALS: ["String", "Integer"],
    Operator.GREATER_THAN: ["Integer"],
    Operator.GREATER_THAN_OR_EQUALS: ["Integer"],
    Operator.AMPERSAND: ["Integer"],
    Operator.NOT_AMPERSAND: ["Integer"],
}
_ANSWERED = (
    "error",
    "evaluationResult",
    "evaluationSucceeded",
    "parsedExpression",
    "parsingError",
    "parsingSucceeded",
)


class Property(Struct):
    """An attribute of the object that an expression is tried on."""

    key: str
    value: str | int | bool | list[str] | None = None


class TestObject(Struct):
    """An `expressionInputObject`."""

    properties: list[Property] | None = None


class ToParse(Struct, rename="camel"):
    """The body of a parseExpression."""

    expression: str
    test_input_object: TestObject | None = None


async def parse(ground: Ground, request: Request) -> Response:
    """POST schema/parseExpression, of a job or of a template."""
    domain, reading = None, EmptyCondition.NULL
    if (job := await _job_of(ground, request)) is not None:
        domain, reading = job.default_domain, job.schema.readings.empty_condition
    world = Surroundings(ground.clock.now, SystemRandom(), domain, reading)
    body = await sent(request, ToParse)
    attributes = _attributes(body.test_input_object)
    answer = await asyncio.to_thread(parse_expression, body.expression, attributes, world)
    return GraphJson({name: answer[name] for name in _ANSWERED})


async def operators(ground: Ground, request: Request) -> Response:
    """GET schema/filterOperators."""
    await _job_of(ground, request)
    return _listed(request, "filterOperators", [_operator(one) for one in Operator])


async def functions(ground: Ground, request: Request) -> Response:
    """GET schema/functions."""
    await _job_of(ground, request)
    return _listed(request, "functions", [_function(one) for one in FUNCTIONS.values()])


async def _job_of(ground: Ground, request: Request) -> Job | None:
    """The job whose schema is meant; None if it is a template's.

    Raises:
        GraphError: there is no such job or template.
    """
    if "job" in request.path_params:
        return (await ground.job(request)).job
    await ground.principal(request)
    templates.chosen(request)
    return None


def _attributes(given: TestObject | None) -> dict[str, Value]:
    """A test object's attributes; several values make a tuple."""
    found: dict[str, Value] = {}
    for one in (given.properties if given else None) or ():
        if one.key in found:
            raise bad_request(f"The property '{one.key[:80]}' is given twice.", "BadRequest")
        found[one.key] = tuple(one.value) if isinstance(one.value, list) else one.value
    return found


def _listed(request: Request, what: str, found: list[dict[str, object]]) -> GraphJson:
    return GraphJson({"@odata.context": context_url(request, what), "value": found})


def _operator(operator: Operator) -> dict[str, object]:
    return {
        "name": operator.value,
        "arity": "Binary" if operator.takes_values else "Unary",
        "multivaluedComparisonType": "All",
        "supportedAttributeTypes": _TYPES.get(operator, ["String"]),
    }


def _function(function: Function) -> dict[str, object]:
    parameters = [
        {
            "allowMultipleOccurrences": parameter.repeating,
            "name": parameter.name,
            "required": parameter.required,
            "type": "String",
        }
        for parameter in function.parameters
    ]
    return {"name": function.name, "parameters": parameters}
