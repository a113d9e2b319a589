"""The expression language, as far as the default mappings speak it."""

from __future__ import annotations

import pytest

from entrasim.engine.expressions import compile_expression


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
