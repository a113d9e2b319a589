"""Every operator of a scoping filter against every kind of value."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrasim.engine.filtering import compile_filter
from entrasim.errors import SourceObjectError
from entrasim.model.entry import Anchor, Entry, ObjectType
from entrasim.model.operators import Operator, operator_of
from entrasim.model.schema import FilterClause, FilterGroup, RegexMatch


def entry(**properties):
    return Entry(anchor=Anchor(ObjectType.USER, "ada"), properties=properties)


def passes(held, operator, *values, reading=RegexMatch.WHOLE):
    clause = FilterClause(source_operand="x", operator=operator, values=values)
    ask = compile_filter([FilterGroup(clauses=(clause,))], reading)
    return not ask(entry() if held is None else entry(x=held))


@pytest.mark.parametrize(
    ("held", "operator", "value", "expected"),
    [
        ("Sales", "EQUALS", "Sales", True),
        ("sales", "EQUALS", "Sales", False),
        ("Sales ", "EQUALS", "Sales", False),
        (7, "EQUALS", "7", True),
        (7, "EQUALS", "07", False),
        (True, "EQUALS", "true", True),
        (False, "EQUALS", "True", False),
        ("Legal", "NOT EQUALS", "Sales", True),
        ("sales", "NOT EQUALS", "Sales", True),
        ("Sales", "NOT EQUALS", "Sales", False),
        ("Head of Sales", "INCLUDES", "Sales", True),
        ("Head of sales", "INCLUDES", "Sales", False),
        ("ada@contoso.com", "ENDS_WITH", "@contoso.com", True),
        ("ada@contoso.com.evil", "ENDS_WITH", "@contoso.com", False),
        ("ada@Contoso.com", "ENDS_WITH", "@contoso.com", False),
        ("10", "GREATER_THAN", "9", True),
        ("9", "GREATER_THAN", "9", False),
        (10, "GREATER_THAN", "-9", True),
        ("-10", "GREATER_THAN", "-9", False),
        ("ten", "GREATER_THAN", "9", False),
        ("10.5", "GREATER_THAN", "9", False),
        (True, "GREATER_THAN", "0", False),
        ("٣", "GREATER_THAN", "0", False),
        ("9" * 5000, "GREATER_THAN", "0", False),
        ("9", "GREATER_THAN_OR_EQUALS", "9", True),
        ("8", "GREATER_THAN_OR_EQUALS", "9", False),
        ("DE", "&", "DE, AT, CH", True),
        ("FR", "&", "DE, AT, CH", False),
        ("de", "&", "DE, AT, CH", False),
        ("FR", "!&", "DE, AT, CH", True),
        ("DE", "!&", "DE, AT, CH", False),
        (6, "&", "2", True),
        ("6", "&", "8", False),
        (6, "&", "x6y", True),
        (6, "!&", "8", True),
        (6, "!&", "2", False),
        (True, "IS TRUE", None, True),
        ("true", "IS TRUE", None, True),
        (False, "IS TRUE", None, False),
        ("yes", "IS TRUE", None, False),
        (False, "IS FALSE", None, True),
        ("False", "IS FALSE", None, True),
        (True, "IS FALSE", None, False),
        (0, "IS FALSE", None, False),
        ("x", "IS NULL", None, False),
        (False, "IS NULL", None, False),
        ("x", "IS NOT NULL", None, True),
        (0, "IS NOT NULL", None, True),
    ],
)
def test_operator_asks_as_the_page_says(held, operator, value, expected):
    values = () if value is None else (value,)

    assert passes(held, operator, *values) is expected


@pytest.mark.parametrize("operator", list(Operator))
@pytest.mark.parametrize("empty", [None, ""])
def test_empty_attribute_fails_every_clause_but_is_null(operator, empty):
    values = ("1",) if operator.takes_values else ()

    assert passes(empty, operator, *values) is (operator is Operator.IS_NULL)


@pytest.mark.parametrize(
    ("pattern", "held", "whole", "anywhere"),
    [
        ("(1[0-9]{6})", "1234567", True, True),
        ("(1[0-9]{6})", "2234567", False, False),
        ("(1[0-9]{6})", "12345678", False, True),
        ("(1[0-9][0-9][0-9][0-9][0-9][0-9])", "1000000", True, True),
        ("(1[0-9][0-9][0-9][0-9][0-9][0-9])", "2000000", False, False),
        ("([1-9][0-9])", "10", True, True),
        ("([1-9][0-9])", "9", False, False),
        ("([1-9][0-9])", "100", False, True),
        (r".*\@domain.com", "ada@domain.com", True, True),
        (r".*\@domain.com", "ada@domain.com.au", False, True),
        (r".*\@domain.com", "ada@Domain.com", False, False),
        ("DE|AT", "DE", True, True),
        ("DE|AT", "DELTA", False, True),
        ("(?<land>DE|AT)", "AT", True, True),
        ("(?i)de", "DE", True, True),
        ("a.c", "a\nc", False, False),
        ("[0-9]+", 42, True, True),
        ("True", True, True, True),
    ],
)
def test_regular_expression_must_match_the_whole_value_or_anywhere_in_it(
    pattern, held, whole, anywhere
):
    for reading, expected in ((RegexMatch.WHOLE, whole), (RegexMatch.ANYWHERE, anywhere)):
        assert passes(held, "REGEX MATCH", pattern, reading=reading) is expected
        assert passes(held, "NOT REGEX MATCH", pattern, reading=reading) is not expected


@pytest.mark.parametrize(
    ("operator", "held", "expected"),
    [
        ("EQUALS", "AT", True),
        ("EQUALS", "FR", False),
        ("NOT EQUALS", "AT", False),
        ("NOT EQUALS", "FR", True),
        ("REGEX MATCH", "AT", True),
        ("NOT REGEX MATCH", "AT", False),
        ("NOT REGEX MATCH", "FR", True),
    ],
)
def test_one_of_several_values_is_enough_and_for_not_none_may_fit(operator, held, expected):
    assert passes(held, operator, "DE", "AT") is expected


@pytest.mark.parametrize(
    ("spelling", "operator"),
    [
        ("equals", Operator.EQUALS),
        ("NotEquals", Operator.NOT_EQUALS),
        ("IsNotNull", Operator.IS_NOT_NULL),
        ("IS_TRUE", Operator.IS_TRUE),
        ("RegexMatch", Operator.REGEX_MATCH),
        ("NOT REGEX MATCH", Operator.NOT_REGEX_MATCH),
        ("Includes", Operator.INCLUDES),
        ("ENDS WITH", Operator.ENDS_WITH),
        ("EndsWith", Operator.ENDS_WITH),
        ("Greater_Than", Operator.GREATER_THAN),
        ("GreaterThan", Operator.GREATER_THAN),
        ("Greater_Than_OR_EQUALS", Operator.GREATER_THAN_OR_EQUALS),
        ("GreaterThanOrEqual", Operator.GREATER_THAN_OR_EQUALS),
        ("!&", Operator.NOT_AMPERSAND),
        ("IsMemberOf", None),
        ("", None),
    ],
)
def test_operator_is_known_by_every_spelling(spelling, operator):
    assert operator_of(spelling) is operator


def test_account_whose_state_is_not_given_counts_as_enabled():
    clause = FilterClause(source_operand="accountEnabled", operator="IS TRUE")
    ask = compile_filter([FilterGroup(clauses=(clause,))], RegexMatch.WHOLE)

    assert [not ask(entry(**held)) for held in ({}, {"accountEnabled": False})] == [True, False]


@pytest.mark.parametrize("groups", [[], [FilterGroup(name="empty")]])
def test_filter_without_clauses_lets_everybody_pass(groups):
    assert compile_filter(groups, RegexMatch.WHOLE) is None


def test_group_without_clauses_beside_others_says_nothing():
    clause = FilterClause(source_operand="x", operator="IS NOT NULL")
    ask = compile_filter([FilterGroup(), FilterGroup(clauses=(clause,))], RegexMatch.WHOLE)

    assert ask(entry())
    assert not ask(entry(x="1"))


def test_miss_names_title_clause_and_value_of_each_group():
    first = FilterClause(source_operand="x", operator="EQUALS", values=("a", 'b"c'))
    second = FilterClause(source_operand="y", operator="IS NOT NULL")
    groups = [FilterGroup(name="Title", clauses=(first,)), FilterGroup(clauses=(second, first))]

    misses = compile_filter(groups, RegexMatch.WHOLE)(entry(x="long\n" + "z" * 200))

    assert [miss.asked for miss in misses] == ['Title: x EQUALS "a", "b\\"c"', "y IS NOT NULL"]
    assert misses[0].found.startswith('is "long\\nzzz')
    assert len(misses[0].found) < 90
    assert misses[1].found == "is empty"


@pytest.mark.parametrize(
    ("held", "pattern", "told"),
    [(("a", "b"), "a", "several values"), ("a" * 60 + "!", "(a|aa)+", "nested repetitions")],
    ids=["several", "slow"],
)
def test_value_that_cant_be_evaluated_fails_the_object(held, pattern, told):
    with pytest.raises(SourceObjectError, match=told):
        passes(held, "REGEX MATCH", pattern)


@settings(max_examples=200, deadline=None)
@given(
    held=st.one_of(st.none(), st.text(max_size=20), st.integers(), st.booleans()),
    operator=st.sampled_from([o for o in Operator if "REGEX" not in o and "GREATER" not in o]),
    value=st.text(max_size=20),
)
def test_no_value_is_too_strange_to_be_asked_about(held, operator, value):
    values = (value,) if operator.takes_values else ()

    assert passes(held, operator, *values) in {True, False}
