"""A text that can't be read: where, what was expected there, and a caret under it."""

from __future__ import annotations

import pytest

from entrasim.engine.expressions import ExpressionError, compile_expression, parse

VALUE = '"text" or a function or a number or an [attribute]'


@pytest.mark.parametrize(
    ("text", "position", "told"),
    [
        ("", 0, VALUE),
        ("   ", 3, VALUE),
        ("ToLower", 7, 'expected "("'),
        ("ToLower(", 8, VALUE),
        ("ToLower([a]", 11, '")"'),
        ("ToLower([a]))", 12, "expected the end of the expression"),
        ("ToLower([a] [b])", 12, '")" or ","'),
        ("[a] [b]", 4, "expected the end of the expression"),
        ("[a] = [b]", 4, "expected the end of the expression"),
        ("[]", 0, VALUE),
        ("[a", 0, "isn't closed"),
        ('ToLower("a)', 8, "isn't closed"),
        (r'ToLower("a\")', 8, "isn't closed"),
        ("ToLower('a')", 8, "straight double quotes"),
        ("Left([a], 1.5)", 11, "numbers are whole"),
        ("Left([a], 1234567890123456789)", 10, VALUE),
        ("BitAnd(&HG, 1)", 7, VALUE),
        ("IIF([a] = , 1, 2)", 10, VALUE),
        ("IIF([a] == 1, 1, 2)", 9, VALUE),
        ("IIF([a]=1 AND [b]=2, 1, 2)", 10, "there is no AND"),
        ("IIF(1 < 2 < 3, 1, 2)", 10, '")" or ","'),
        ('"a" & "b"', 4, "expected"),
        ("tolower([a])", 0, "no function tolower; did you mean ToLower?"),
        ("IsNullorEmpty([a])", 0, "did you mean IsNullOrEmpty?"),
        ("Frobnicate([a])", 0, "no function Frobnicate"),
        ('Append([a], Nope("b"))', 12, "no function Nope"),
        ("Append([a])", 0, "Append: argument 2 (suffix) is missing"),
        ("Append(, [a])", 0, "Append: argument 1 (source) is missing"),
        ("Append()", 0, "Append: argument 1 (source) is missing"),
        ("Append([a], [b], [c])", 0, "Append: takes 2 arguments at most"),
        ("Guid([a])", 0, "Guid: takes 0 arguments at most"),
        ("ToLower([a] = [b])", 12, "a comparison can stand in a condition only"),
        ("IIF([a], [b] = 1, 2)", 13, "a comparison can stand in a condition only"),
    ],
)
def test_mistake_is_pointed_at(text, position, told):
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text)

    message, shown, caret = str(caught.value).split("\n")
    assert told in message
    assert caught.value.position == position
    assert shown == f"  {text}"
    assert caret == f"  {' ' * position}^"


def test_mistake_on_a_later_line_is_pointed_at_within_one_line():
    with pytest.raises(ExpressionError) as caught:
        compile_expression('Join("-",\n\t[a],\n\t[b] [c]\n)')

    _, shown, caret = str(caught.value).split("\n")
    assert shown[caret.index("^") :] == "[c] )"


def test_mistake_far_into_a_long_text_is_shown_with_what_is_around_it():
    text = f'Join("", "{"x" * 5000}", ?, "{"y" * 4000}")'

    with pytest.raises(ExpressionError) as caught:
        compile_expression(text)

    message, shown, caret = str(caught.value).split("\n")
    assert len(shown) <= 102
    assert shown[caret.index("^")] == text[caught.value.position] == "?"
    assert message.startswith("expected ")


@pytest.mark.parametrize("space", ["\n", "\t", "\r\n", "  ", "\N{NO-BREAK SPACE}"])
def test_white_space_between_the_parts_means_nothing(space):
    text = space.join(["", "Append", "(", '"a"', ",", '"b"', ")", ""])

    assert compile_expression(text)({}) == "ab"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'"\d+"', r"\d+"),
        (r'"\\d+"', r"\d+"),
        (r'"a\"b"', 'a"b'),
        (r'"a\\"', "a\\"),
        ('"a\nb"', "a\nb"),
        ('"[a](b),="', "[a](b),="),
        ('""', ""),
        ("[a b.c-d(e)]", "odd"),
        ("-12", -12),
        ("007", 7),
        ("&Hff", 255),
    ],
)
def test_bare_value_is_an_expression(text, expected):
    assert compile_expression(text)({"a b.c-d(e)": "odd"}) == expected


def test_control_characters_do_not_reach_a_terminal():
    with pytest.raises(ExpressionError) as caught:
        compile_expression("ToLower(\x1b[31m\x07\x00\u2028)")

    assert str(caught.value).split("\n")[1] == "  ToLower( [31m   )"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('Append([mail], "x)', "this text isn't closed"),
        ("Append([mail, 1)", "this attribute isn't closed"),
        ("Append([mail], \u201cx\u201d)", "straight double quotes"),
        ("Append([mail], 'x')", "straight double quotes"),
        ('IIF([a]=True, "1", "2")', 'write "True"'),
        ("False", 'write "True"'),
        ('IIF([a]="1" AND [b]="2", "1", "2")', "there is no AND"),
        ("Append([mail], 1.5)", "numbers are whole"),
    ],
)
def test_usual_mistake_is_told_in_words(text, told):
    with pytest.raises(ExpressionError, match=told):
        parse(text)
