# ruff: noqa: RUF001 - letters that look like others are what is tested
"""Functions on texts: cases, parts, joining."""

from __future__ import annotations

import pytest
from speaking import failure_of, value_of

USER = {
    "givenName": "Ada",
    "surname": "Lovelace",
    "empty": "",
    "mails": ("a@contoso.com", "b@contoso.com"),
    "number": 42,
    "enabled": True,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Append([givenName], "!")', "Ada!"),
        ('Append([absent], "!")', None),
        ('Append([empty], "!")', "!"),
        ("Append([givenName], [absent])", "Ada"),
        ('Append([number], "!")', "42!"),
        ('Append([enabled], "!")', "True!"),
        ('Append([mails], "!")', "a@contoso.com!"),
        ('Prepend([givenName], "Dr. ")', "Dr. Ada"),
        ('Prepend([absent], "Dr. ")', None),
        ('Prepend([empty], "x")', "x"),
        ('Join("-", [givenName], [surname])', "Ada-Lovelace"),
        ('Join("-", [absent], [givenName], [empty])', "Ada"),
        ('Join("-", [absent], [empty])', None),
        ('Join("; ", [mails], "c")', "a@contoso.com; b@contoso.com; c"),
        ('Join("", [number], [enabled])', "42True"),
        ('Join([absent], "a", "b")', "ab"),
        ('Join("-", "a", , "b")', "a-b"),
        ('StripSpaces(" a  b\tc ")', "ab\tc"),
        ("StripSpaces([absent])", None),
    ],
)
def test_texts_are_put_together(text, expected):
    assert value_of(text, USER) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Left("abc", 2)', "ab"),
        ('Left("abc", 0)', ""),
        ('Left("abc", -1)', "abc"),
        ('Left("abc", 4)', "abc"),
        ('Left("abc", "2")', "ab"),
        ('Left("abc", 999999999999999999)', "abc"),
        ("Left([absent], 2)", ""),
        ("Left([mails], 1)", "a"),
        ('Mid("abc", 1, 2)', "ab"),
        ('Mid("abc", 3, 5)', "c"),
        ('Mid("abc", 4, 1)', ""),
        ('Mid("abc", 2, 0)', ""),
        ('Mid("abc", 999999999999999999, 999999999999999999)', ""),
        ("Mid([absent], 1, 2)", None),
        ('Mid("𝒜𝒷𝒸", 2, 1)', "𝒷"),
        ('InStr("banana", "a")', 2),
        ('InStr("banana", "a", 3)', 4),
        ('InStr("banana", "A")', 0),
        ('InStr("banana", "A", , vbTextCompare)', 2),
        ('InStr("banana", "A", 1, vbBinaryCompare)', 0),
        ('InStr("Straße X", "x", 1, vbTextCompare)', 8),
        ('InStr("abc", "c", 9)', 0),
        ('InStr([absent], "c")', 0),
        ('Word("a b", 1, " ")', "a"),
        ('Word("a b", 3, " ")', ""),
        ('Word("a b", 0, " ")', ""),
        ('Word("a b", -1, " ")', ""),
        ('Word("  a  b  ", 2, " ")', "b"),
        ('Word("a-]^b", 2, "-]^")', "b"),
        ('Word("a b", 1, "")', "a b"),
        ("Word([absent], 1, [empty])", ""),
        ('Word([nul], 2, ",")', "c"),
    ],
)
def test_part_is_found_by_its_position(text, expected):
    assert value_of(text, {**USER, "nul": "a\0b,c"}) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('Mid("abc", 0, 1)', "in Mid: start must be 1 or more"),
        ('Mid("abc", 1, -1)', "length 0 or more"),
        ('InStr("abc", "a", 0)', "in InStr: start must be 1 or more, not 0"),
        ('InStr("abc", "a", 1, "loosely")', "vbTextCompare or vbBinaryCompare, not 'loosely'"),
        ('Left("abc", "two")', "in Left: wants a whole number, found 'two'"),
        ('Left("abc", [absent])', "wants a whole number, found None"),
        ('Left("abc", "1.5")', "wants a whole number"),
        ('Left("abc", "1234567890123456789")', "wants a whole number"),
        ('Left("abc", "٣")', "wants a whole number"),
        ('ToLower("A", "no culture!")', "in ToLower: no culture is called 'no culture!'"),
        ('Append("x", Mid("abc", 0, 1))', "in Mid: start"),
    ],
)
def test_impossible_part_fails_and_names_the_function(text, told):
    assert told in failure_of(text, USER)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('ToLower("ÀÉ Straße")', "àé straße"),
        ('ToLower("ΟΔΟΣ")', "οδοσ"),
        ('ToLower("TITLE İ", "tr-TR")', "tıtle i"),
        ('ToLower("TITLE", "az")', "tıtle"),
        ('ToLower("TITLE", "en-US")', "title"),
        ('ToLower("TITLE", )', "title"),
        ('ToLower("TITLE", "")', "title"),
        ("ToLower([absent])", None),
        ("ToLower([mails])", "a@contoso.com"),
        ("ToLower([enabled])", "true"),
        ('ToUpper("straße")', "STRAßE"),
        ('ToUpper("title ı", "tr-TR")', "TİTLE I"),
        ('ToUpper("title", "en-US")', "TITLE"),
        ('ToUpper("𐐨")', "𐐀"),
        ("ToUpper([absent])", None),
    ],
)
def test_case_changes_letter_by_letter_in_a_culture(text, expected):
    assert value_of(text, USER) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('PCase("ADA lovelace")', "Ada Lovelace"),
        ('PCase("o\'neil-smith_x (y)")', "O'neil-Smith_X (Y)"),
        ('PCase("o\'neil", "\'")', "O'Neil"),
        ('PCase("a-b c", " ")', "A-b C"),
        ('PCase("a b", "")', "A b"),
        ('PCase("ßa ﬁx ŉb ǆx")', "ßa ﬁx ŉb ǅx"),
        ("PCase([absent])", None),
        ("PCase([empty])", ""),
    ],
)
def test_each_word_gets_a_capital_and_loses_no_letter(text, expected):
    assert value_of(text, USER) == expected
