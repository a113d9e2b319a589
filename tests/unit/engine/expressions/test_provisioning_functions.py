"""SelectUniqueValue, DefaultDomain and Redact: functions that speak to the service itself."""

from __future__ import annotations

import pytest
from speaking import value_of

from entrasim.engine.expressions import ExpressionError, compile_expression, parse, redacts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('SelectUniqueValue("a", "b", "a", "c")', ("a", "b", "c")),
        ('SelectUniqueValue([absent], "b")', ("b",)),
        ('SelectUniqueValue("", [absent])', None),
        ("SelectUniqueValue([number], [many])", ("7", "x")),
        ('SelectUniqueValue("a", , "b")', ("a", "b")),
    ],
)
def test_unique_value_has_each_candidate_once_in_order(text, expected):
    assert value_of(text, {"number": 7, "many": ("x", "y")}) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SelectUniqueValue()", "is missing"),
        ('SelectUniqueValue("a")', "needs two rules at least"),
        ('SelectUniqueValue("a", )', "needs two rules at least"),
        ('ToLower(SelectUniqueValue("a", "b"))', "SelectUniqueValue can't be nested"),
        ('IIF(SelectUniqueValue("a", "b") = "a", 1, 2)', "SelectUniqueValue can't be nested"),
    ],
)
def test_unique_value_nested_or_without_choice_is_refused(text, told):
    with pytest.raises(ExpressionError, match=told):
        compile_expression(text)


def test_default_domain_is_the_tenants():
    assert value_of('Join("@", "ada", DefaultDomain())', default_domain="contoso.com") == (
        "ada@contoso.com"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Redact([x])", True),
        ('Append("a", Redact([x]))', True),
        ('IIF(Redact([x]) = "a", 1, 2)', True),
        ('"Redact([x])"', False),
        ("ToLower([Redact])", False),
    ],
)
def test_expression_that_redacts_anywhere_is_hidden(text, expected):
    assert redacts(parse(text)) is expected


@pytest.mark.parametrize("value", ["x", ("a", "b"), None, True, ""])
def test_redact_leaves_the_value_that_goes_out_alone(value):
    assert value_of("Redact([x])", {"x": value}) == value
