# ruff: noqa: RUF001 - letters that look like others are what is tested
"""Functions that turn values into others: bits, encodings, plain letters."""

from __future__ import annotations

import pytest
from speaking import failure_of, value_of

USER = {"number": 42, "yes": True, "many": ("x", "y"), "empty": ""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BitAnd(6, 3)", 2),
        ('BitAnd("6", &HFF)', 6),
        ("BitAnd(-1, 42)", 42),
        ("BitAnd([number], 2)", 2),
        ("CStr([number])", "42"),
        ("CStr([yes])", "True"),
        ("CStr([many])", "x"),
        ("CStr([absent])", None),
        ("CStr(&HfF)", "255"),
        ('ConvertToBase64("")', ""),
        ('ConvertToBase64("é")', "6QA="),
        ('ConvertToBase64("𝒜")', "Ndic3A=="),
        ("ConvertToBase64([absent])", None),
        ('ConvertToUTF8Hex("é")', "C3A9"),
        ('ConvertToUTF8Hex("𝒜")', "F09D929C"),
        ("ConvertToUTF8Hex([number])", "3432"),
        ("ConvertToUTF8Hex([absent])", None),
    ],
)
def test_value_is_converted(text, expected):
    found = value_of(text, USER)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Zoe\u0308", "Zoe"),
        ("Łódź", "Lodz"),
        ("Smørrebrød", "Smoerrebroed"),
        ("Größe", "Grosse"),
        ("山田", "山田"),
        ("й", "й"),
        ("ガ", "ガ"),
        ("한", "한"),
        ("𝒜", "𝒜"),
        ("", ""),
        (None, None),
    ],
)
def test_latin_letters_alone_lose_their_marks(written, expected):
    assert value_of("NormalizeDiacritics([x])", {"x": written}) == expected


def test_bits_of_what_is_no_number_fail():
    assert failure_of('BitAnd("F", 1)') == "in BitAnd: wants a whole number, found 'F'"


@pytest.mark.parametrize("function", ["ConvertToBase64", "ConvertToUTF8Hex"])
def test_half_of_a_surrogate_pair_is_encoded_and_not_fatal(function):
    found = value_of(f"{function}([x])", {"x": "\ud800"})

    assert found in {"ANg=", "EDA080"}
