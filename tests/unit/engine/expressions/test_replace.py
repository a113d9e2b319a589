"""Replace in its five ways of use, with .NET's regular expressions."""

from __future__ import annotations

import pytest
from speaking import failure_of, value_of

from entrasim.engine.expressions import ExpressionError, compile_expression

USER = {
    "name": "Ada Ada",
    "phone": "+49 30 1234",
    "empty": "",
    "many": ("a-b", "c-d"),
    "old": "Ada",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Replace([name], "Ada", , , "Bea", , )', "Bea Bea"),
        ('Replace([name], "ada", , , "Bea", , )', "Ada Ada"),
        ('Replace([name], "Ada", , , "", , )', " "),
        ('Replace([name], [old], , , "$1\\\\1", , )', "$1\\1 $1\\1"),
        ('Replace([name], ".", , , "x")', "Ada Ada"),
        ('Replace([empty], "Ada", , , "x")', ""),
        ('Replace([absent], "Ada", , , "x")', None),
        ('Replace([many], "-", , , "+")', "a+b"),
        ('Replace([name], "Ada", , , [absent], , "<Ada>")', "<Ada Ada>"),
    ],
)
def test_old_value_is_replaced(text, expected):
    assert value_of(text, USER) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Replace([old], "%", , , , , "%.%@contoso.com")', "Ada.Ada@contoso.com"),
        ('Replace([old], "%", , , "ignored", , "<%>")', "<Ada>"),
        ('Replace([old], "#", , , , , "nothing to fill")', "nothing to fill"),
        ('Replace([empty], "%", , , , , "<%>")', "<>"),
        ('Replace([absent], "%", , , , , "<%>")', None),
    ],
)
def test_template_is_filled(text, expected):
    assert value_of(text, USER) == expected


@pytest.mark.parametrize(
    ("pattern", "replacement", "expected"),
    [
        ("A(?<rest>d.)", "${rest}", "da da"),
        ("A(?'rest'd.)", "[${rest}]", "[da] [da]"),
        ("(A)(d)", "$2$1", "dAa dAa"),
        ("(A)(d)", "$12", "$12a $12a"),
        ("(A)(d)", "${1}2", "A2a A2a"),
        ("(A)", "$9 ${nobody}", "$9 ${nobody}da $9 ${nobody}da"),
        ("d", "<$&>", "A<d>a A<d>a"),
        ("(A)|(x)", "<$+>", "<A>da <A>da"),
        ("(A)|(x)", "<$2>", "<>da <>da"),
        (" ", "$`$'", "AdaAdaAdaAda"),
        (" ", "$_", "AdaAda AdaAda"),
        ("d", "$$", "A$a A$a"),
        ("d", "$", "A$a A$a"),
        ("d", "\\\\1", "A\\1a A\\1a"),
        ("a", "", "Ad Ad"),
        ("(?i)a", "x", "xdx xdx"),
        ("(?i:A)d", "x", "xa xa"),
        ("^A", "x", "xda Ada"),
        ("a$", "x", "Ada Adx"),
        ("a\\\\Z", "x", "Ada Adx"),
        ("z*", "-", "-A-d-a- -A-d-a-"),
        ("\\\\bA", "x", "xda xda"),
        ("\\\\p{Lu}", "x", "xda xda"),
    ],
)
def test_pattern_is_replaced_with_what_its_groups_caught(pattern, replacement, expected):
    text = f'Replace([name], , "{pattern}", , "{replacement}", , )'

    assert value_of(text, USER) == expected


@pytest.mark.parametrize(
    ("pattern", "group", "expected"),
    [
        ("A(?<mid>d)a", "mid", "A-a A-a"),
        ("A(d)a", "1", "A-a A-a"),
        ("A(d)a", "0", "- -"),
        ("Ad(?<none>x)?", "none", "Ada Ada"),
        ("(?<=(?<before>A))d", "before", "Ada Ada"),
        ("d(?=(?<after>a))", "after", "Ada Ada"),
        ("(?:(?<each>[Ad]))+a", "each", "A-a A-a"),
    ],
)
def test_group_alone_is_replaced(pattern, group, expected):
    text = f'Replace([name], , "{pattern}", "{group}", "-", , )'

    assert value_of(text, USER) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [("[old]", "Ada"), ("[empty]", "30"), ("[absent]", "30"), ("Join([empty], [empty])", "30")],
)
def test_other_attribute_steps_in_for_an_empty_source(source, expected):
    text = f'Replace({source}, , " (?<area>[0-9]+) ", "area", , [phone], )'

    assert value_of(text, USER) == expected


@pytest.mark.parametrize("other", ["[absent]", "[name]", "[empty]"])
def test_other_attribute_that_does_not_match_gives_nothing(other):
    assert value_of(f'Replace([empty], , "(?<area>[0-9]+)", "area", , {other}, )', USER) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Replace([name])", "in Replace: needs an oldValue or a regexPattern"),
        ('Replace([name], "", , , "x")', "needs an oldValue or a regexPattern"),
        ('Replace([name], "a")', "an oldValue needs a replacementValue or a template"),
        ('Replace([name], , "a")', "a regexPattern needs a replacementValue"),
        ('Replace([name], , "a", "g", "x")', "the regexPattern has no group 'g'"),
        ('Replace([name], , "a", "1", "x")', "the regexPattern has no group '1'"),
        ('Replace([name], , [open], , "x")', "in Replace: regexPattern: no regular expression"),
    ],
)
def test_arguments_that_fit_no_way_of_use_fail(text, told):
    assert told in failure_of(text, {**USER, "open": "("})


@pytest.mark.parametrize("pattern", ["(", "[a", "a{2,1}", "(?<n>", "*a", "(?P<1>x)"])
def test_constant_pattern_that_cant_be_read_is_told_before_any_user_is_asked_about(pattern):
    text = f'Join("", Replace([name], , "{pattern}", , "x"))'

    with pytest.raises(ExpressionError, match="Replace: regexPattern: ") as caught:
        compile_expression(text)

    assert caught.value.position == 9
