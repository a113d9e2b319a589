"""Functions that ask and choose: conditions, emptiness, Switch."""

from __future__ import annotations

import pytest
from speaking import failure_of, value_of

from entrasim.engine.expressions import ExpressionError, compile_expression
from entrasim.model.schema import EmptyCondition

USER = {
    "country": "USA",
    "empty": "",
    "none": (),
    "many": ("a", "b"),
    "number": 42,
    "zero": 0,
    "yes": True,
    "no": False,
    "id": "7",
}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('[country] = "USA"', True),
        ('[country] = "usa"', False),
        ('[country] <> "usa"', True),
        ('[country] > "UK"', True),
        ('[country] <= "UK"', False),
        ("[number] = 42", True),
        ('[number] = "42"', True),
        ("[number] > 9", True),
        ('[number] >= "42"', True),
        ("[number] < -43", False),
        ('[id] < "10"', True),
        ('[id] = "007"', False),
        ('[id] <> "007"', True),
        ("[id] = 7", True),
        ("[number] = &H2A", True),
        ('[yes] = "True"', True),
        ('[yes] = "true"', False),
        ('[many] = "a"', True),
        ("[yes]", True),
        ("[no]", False),
        ('"TRUE"', True),
        ("[zero]", False),
        ("-1", True),
        ("IsString([country])", True),
        ("Not([yes])", False),
    ],
)
def test_condition_holds(condition, holds):
    assert value_of(f'IIF({condition}, "yes", "no")', USER) == ("yes" if holds else "no")
    assert value_of(f"CBool({condition})", USER) is holds


@pytest.mark.parametrize("condition", ['[a] = ""', "IsPresent([a])", "IsNullOrEmpty([a])", "[a]"])
@pytest.mark.parametrize("attributes", [{}, {"a": None}, {"a": ""}, {"a": ()}])
@pytest.mark.parametrize(
    ("reading", "expected"), [(EmptyCondition.NULL, None), (EmptyCondition.FALSE, "no")]
)
def test_empty_attribute_in_a_condition_gives_what_is_configured(
    condition, attributes, reading, expected
):
    text = f'IIF({condition}, "yes", "no")'

    assert value_of(text, attributes, empty_condition=reading) == expected


def test_empty_attribute_in_a_condition_may_be_an_error():
    told = failure_of('IIF([a] = [b], "yes", "no")', empty_condition=EmptyCondition.ERROR)

    assert told == "in IIF: the condition can't be told: a or b is empty"


def test_empty_attribute_deep_in_a_condition_counts_but_one_in_a_branch_does_not():
    assert value_of('IIF(Join("", [empty], "x") = "x", "yes", "no")', USER) is None
    assert value_of('IIF([country] = "USA", [absent], "no")', USER) is None
    assert value_of('IIF([country] = "UK", [absent], "no")', USER) == "no"


def test_branch_that_is_not_taken_is_not_evaluated():
    text = 'IIF([country] = "USA", "fine", Mid("x", 0, 0))'

    assert value_of(text, USER) == "fine"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('IIF([country] = "USA", , "no")', None),
        ('IIF([country] = "UK", "yes", )', None),
        ('CBool("")', False),
        ("CBool([absent])", False),
        ("Not([yes])", False),
        ('Not("true")', False),
        ("Not([absent])", True),
        ('Not("whatever")', True),
        ("Coalesce([absent], [country])", "USA"),
        ('Coalesce([empty], "x")', ""),
        ('Coalesce([absent], , "x")', "x"),
        ("Coalesce([absent])", None),
        ("Coalesce([absent], [no])", False),
        ("IsNull([absent])", True),
        ("IsNull([empty])", False),
        ("IsNothing([absent])", True),
        ("IsNothing([no])", False),
        ("IsNullOrEmpty([none])", True),
        ("IsNullOrEmpty([zero])", False),
        ("IsPresent([empty])", False),
        ("IsPresent([many])", True),
        ("IsPresent([no])", True),
        ("IsString([number])", False),
        ("IsString([many])", False),
        ("IsString([absent])", False),
        ("IgnoreFlowIfNullOrEmpty([none])", None),
        ("IgnoreFlowIfNullOrEmpty([zero])", 0),
        ("IgnoreFlowIfNullOrEmpty([many])", ("a", "b")),
    ],
)
def test_empty_values_are_told_apart(text, expected):
    found = value_of(text, USER)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Switch([country], "d", "USA", "us")', "us"),
        ('Switch([country], "d", "usa", "us")', "d"),
        ('Switch([country], , "usa", "us")', None),
        ('Switch([country], "d", "USA", )', None),
        ('Switch([country], "d", "USA", "first", "USA", "second")', "first"),
        ('Switch([absent], "d", "", "nobody")', "nobody"),
        ('Switch([empty], "d", "", "nobody")', "nobody"),
        ('Switch([absent], "d", "x", "y")', "d"),
        ('Switch([country], "d", [country], [number])', 42),
        ('Switch([yes], "d", "True", "on")', "on"),
        ('Switch([number], "d", 42, "the answer")', "the answer"),
        ('Switch([country], Mid("x", 0, 0), "USA", "lazy")', "lazy"),
    ],
)
def test_switch_takes_the_first_key_that_fits_by_case(text, expected):
    assert value_of(text, USER) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('Switch([a], "d")', "argument 3 .* is missing"),
        ('Switch([a], "d", , "y")', "argument 3 .* is missing"),
        ('Switch([a], "d", "x")', "keys and values must come in pairs"),
        ('Switch([a], "d", "x", "y", "z")', "keys and values must come in pairs"),
        ('Switch([a], "d", "x", "y", , "z")', "keys and values must come in pairs"),
    ],
)
def test_switch_without_pairs_is_refused(text, told):
    with pytest.raises(ExpressionError, match=told):
        compile_expression(text)


def test_condition_that_is_no_truth_fails():
    assert failure_of('IIF("perhaps", 1, 2)') == "in IIF: wants True or False, found 'perhaps'"


@pytest.mark.parametrize("text", ["IIF([a])", 'IIF([a], "x")', 'IIF([a] = "b")'])
def test_iif_without_both_values_is_refused(text):
    with pytest.raises(ExpressionError, match="IIF: needs a condition and two values"):
        compile_expression(text)
