"""The expression language, as far as the default mappings speak it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrasim.engine.expressions import ExpressionError, compile_expression


def value_of(text, **attributes):
    return compile_expression(text)(attributes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[mail]", "a@b.c"),
        ("[absent]", None),
        ('"constant"', "constant"),
        (r'"a \"quoted\" \\ word"', 'a "quoted" \\ word'),
        ('Join(" ", [givenName], [surname])', "Ada Lovelace"),
        ('Join("-", [givenName], [absent], "x")', "Ada-x"),
        ('Join(";", [otherMails])', "x;y"),
        ('Join(" ", [absent])', None),
        ('Switch([IsSoftDeleted], , "False", "True", "True", "False")', "True"),
        ('Switch([givenName], "default", "Bea", "1")', "default"),
        ('Switch([givenName], , "Bea", "1")', None),
        ('Switch([absent], "d", "", "empty")', "empty"),
        ('Switch([givenName], "d", "ada", "by case")', "d"),
        ('Switch(Join("", [givenName], "!"), "d", "Ada!", [surname])', "Lovelace"),
        (' Join ( "" ,\n "a" , "b" ) ', "ab"),
    ],
)
def test_value(text, expected):
    attributes = {
        "mail": "a@b.c",
        "givenName": "Ada",
        "surname": "Lovelace",
        "IsSoftDeleted": False,
        "otherMails": ("x", "y"),
    }

    assert value_of(text, **attributes) == expected


@pytest.mark.parametrize(
    ("text", "position", "told"),
    [
        ("", 0, "expected"),
        ('Join(" ",', 9, "expected"),
        ('Join(" ", [a]) x', 15, "the end of the expression"),
        ("[unclosed", 0, "expected"),
        ("Nope([a])", 0, "no function Nope"),
        ('Switch([a], , "x")', 0, "pairs"),
        ('Join(, "a")', 0, "argument 1 (separator) is missing"),
        ('Join("-", Nope([a]))', 10, "no function Nope"),
    ],
)
def test_mistake_is_shown_where_it_is(text, position, told):
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text)

    assert caught.value.position == position
    message, shown, caret = str(caught.value).splitlines()
    assert told in message
    assert caret.index("^") - 2 == position
    assert shown[2:] == text


def test_long_and_deep_texts_are_refused_at_once():
    with pytest.raises(ExpressionError, match="longer than 10,000"):
        compile_expression('"' + "x" * 10_000 + '"')
    with pytest.raises(ExpressionError, match="nested deeper"):
        compile_expression('Join("",' * 200 + '"x"' + ")" * 200)


@given(text=st.text(alphabet='Join Switch[]("),\\x1\n', max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_text_whatever_is_more_than_an_expression_error(text):
    try:
        found = compile_expression(text)({})
    except ExpressionError as error:
        found = str(error)

    assert found is None or isinstance(found, str | int)
