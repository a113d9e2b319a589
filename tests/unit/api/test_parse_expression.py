"""The parse tree in Graph's form."""

from __future__ import annotations

from importlib.resources import files

import msgspec
import pytest

from entrasim.api.expressions import parse_expression, source
from entrasim.engine.expressions import NOWHERE, parse


def test_parse_tree_of_the_graph_reference_s_example_is_graph_s():
    """It is that of learn.microsoft.com/graph/api/synchronization-…schema-parseexpression."""
    text = 'Replace([preferredLanguage], "-", , , "_", , )'

    answer = parse_expression(text, {"preferredLanguage": "EN-US"}, NOWHERE)

    assert answer["evaluationResult"] == ["EN_US"]
    assert answer["parsedExpression"] == {
        "expression": text,
        "name": "Replace",
        "parameters": [
            parameter("source", "[preferredLanguage]", "preferredLanguage", "Attribute"),
            parameter("Find", '"-"', "-", "Constant"),
            parameter("Replacement", '"_"', "_", "Constant"),
        ],
        "type": "Function",
    }


def parameter(key, expression, name, kind):
    value = {"expression": expression, "name": name, "parameters": [], "type": kind}
    return {"key": key, "value": value}


@pytest.mark.parametrize("schema", ["engagedly", "scim"])
def test_tree_is_the_one_that_the_built_in_schemas_hold(schema):
    text = (files("entrasim.config") / "schemas" / f"{schema}.json").read_bytes()
    found = list(functions(msgspec.json.decode(text)))

    assert len(found) >= 2
    for held in found:
        assert source(parse(held["expression"])) == held


def functions(value):
    if isinstance(value, list):
        for element in value:
            yield from functions(element)
    elif isinstance(value, dict):
        if value.get("type") == "Function":
            yield value
        for element in value.values():
            yield from functions(element)


@pytest.mark.parametrize(
    "text",
    [
        r'Append([a], "say \"hi\" \\")',
        'IIF([country]="USA", "1", )',
        "BitAnd(15, [flags])",
        "InStr([a], [b], 1, vbTextCompare)",
        'Switch([a], , "x", "y")',
    ],
)
def test_node_is_written_as_it_was_read(text):
    assert source(parse(text))["expression"] == text


def test_evaluation_that_fails_is_part_of_the_answer():
    answer = parse_expression('CDate("never")', {}, NOWHERE)

    assert (answer["parsingSucceeded"], answer["evaluationSucceeded"]) == (True, False)
    assert answer["error"]["code"] == "ExpressionFailed"


@pytest.mark.parametrize("text", ["Guid(,)", "Now(,)", 'ToLower("A",,,)', "DefaultDomain(,)"])
def test_argument_too_many_is_a_mistake_even_if_it_is_empty(text):
    answer = parse_expression(text, {}, NOWHERE)

    assert "arguments at most" in answer["parsingError"]["message"]
