"""A clause of a scoping filter as people write it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from entrasim.config.clauses import read_clause
from entrasim.model.operators import Operator
from entrasim.model.schema import FilterClause


@pytest.mark.parametrize(
    ("text", "attribute", "operator", "values"),
    [
        ('department EQUALS "Sales"', "department", "EQUALS", ("Sales",)),
        ("department EQUALS 'Sales'", "department", "EQUALS", ("Sales",)),
        ("department EQUALS Sales", "department", "EQUALS", ("Sales",)),
        ('  department  not equals"Sales" ', "department", "NOT EQUALS", ("Sales",)),
        ('country EQUALS "DE", "AT" , CH', "country", "EQUALS", ("DE", "AT", "CH")),
        ("employeeId IS NOT NULL", "employeeId", "IS NOT NULL", ()),
        ("employeeId is null", "employeeId", "IS NULL", ()),
        ("employeeId GREATER_THAN 1000000", "employeeId", "GREATER_THAN", ("1000000",)),
        ("employeeId GREATER THAN OR EQUALS 5", "employeeId", "GREATER_THAN_OR_EQUALS", ("5",)),
        ('country & "DE, AT"', "country", "&", ("DE, AT",)),
        ('country !& "DE, AT"', "country", "!&", ("DE, AT",)),
        (r'mail REGEX MATCH ".*\@domain.com"', "mail", "REGEX MATCH", (r".*\@domain.com",)),
        (r'x REGEX MATCH "\d+\\"', "x", "REGEX MATCH", ("\\d+\\\\",)),
        (r'x EQUALS "CORP\"', "x", "EQUALS", ("CORP\\",)),
        (r'x EQUALS "say \"hi\""', "x", "EQUALS", ('say "hi"',)),
        ("x EQUALS 'say \"hi\"'", "x", "EQUALS", ('say "hi"',)),
        ('x NOT EQUALS ""', "x", "NOT EQUALS", ("",)),
        ("a.b_c-d IS TRUE", "a.b_c-d", "IS TRUE", ()),
        ("x EQUALS NOT", "x", "EQUALS", ("NOT",)),
    ],
)
def test_clause_is_read(text, attribute, operator, values):
    clause = read_clause(text)

    assert clause == FilterClause(source_operand=attribute, operator=operator, values=values)


@pytest.mark.parametrize(
    ("text", "message", "under"),
    [
        ("", "expected a clause like", ""),
        ('"Sales" EQUALS x', "expected a clause like", '"'),
        ("department", "expected an operator: EQUALS, NOT EQUALS", ""),
        ('department EQALS "Sales"', '"EQALS" is no operator; did you mean EQUALS?', "E"),
        ('department = "Sales"', '"=" is no operator; there are EQUALS', "="),
        ("department EQUALS", 'EQUALS takes a value, in quotes: "…"', ""),
        ("department EQUALS Sales and Legal", "EQUALS takes a value, in quotes", "S"),
        ('department EQUALS "Sales', "EQUALS takes a value, in quotes", '"'),
        ('department EQUALS "Sales",', "EQUALS takes a value, in quotes", ""),
        ('department EQUALS "Sales" "Legal"', "EQUALS takes a value, in quotes", '"'),
        ("department IS NULL now", "IS NULL takes no value", "n"),
    ],
)
def test_text_that_is_no_clause_is_shown_with_a_caret(text, message, under):
    with pytest.raises(ValueError, match=r"\^") as caught:
        read_clause(text)

    told, shown, caret = str(caught.value).split("\n")
    assert told.startswith(message)
    assert shown == f"  {text}"
    assert shown[caret.index("^") : caret.index("^") + 1] == under


@pytest.mark.parametrize("value", [5, None, ["department"], {"department": "Sales"}])
def test_what_is_no_text_is_refused(value):
    with pytest.raises(ValueError, match="expected a clause like"):
        read_clause(value)


@given(st.sampled_from([o for o in Operator if o.takes_values]), st.text(max_size=30))
@example(Operator.EQUALS, "\\")
@example(Operator.EQUALS, '\\"')
@example(Operator.EQUALS, '", "')
def test_clause_that_is_shown_can_be_read_again(operator, value):
    clause = FilterClause(source_operand="x", operator=operator.value, values=(value,))

    assert read_clause(clause.text) == clause


@given(st.text(alphabet=st.sampled_from("ab &!\\\"', \n=ISNOTULEQA"), max_size=60))
def test_no_text_is_too_strange_to_be_refused_in_words(text):
    try:
        found = read_clause(text).source_operand
    except ValueError as error:
        found = "^" if "^" in str(error) else ""

    assert found
