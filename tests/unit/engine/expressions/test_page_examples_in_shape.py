"""The page's examples whose results are random, of the moment, or hidden in logs.

Source: learn.microsoft.com/entra/identity/app-provisioning/
functions-for-customizing-application-data, as of 2024-08-06.
"""

from __future__ import annotations

import re

import pytest
from speaking import value_of

from entrasim.engine.expressions import parse, redacts


def test_guid_is_a_new_one_each_time():
    parts = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

    both = value_of('Join(" ", Guid(), Guid())')

    assert re.fullmatch(f"{parts} {parts}", both)
    assert len(set(both.split())) == 2


def test_now_is_a_text_in_the_general_form():
    assert value_of("Now()") == "8/25/2021 5:41:18 PM"


def test_random_string_without_special_characters_has_three_digits_and_three_letters():
    found = value_of("RandomString(6,3,0,0,3)")

    assert sorted(map(str.isdigit, found)) == [False, False, False, True, True, True]
    assert len(re.findall("[a-z]", found)) == 3


def test_random_string_of_all_kinds_has_so_many_of_each_and_none_to_avoid():
    found = value_of('RandomString(10,2,2,2,1,"?,")')  # the page's sample has eleven

    counts = [len(re.findall(kind, found)) for kind in ("[0-9]", "[^0-9A-Za-z]", "[A-Z]", "[a-z]")]
    assert len(found) == 10
    assert all(count >= least for count, least in zip(counts, (2, 2, 2, 1), strict=True))
    assert not set(found) & {"?", ","}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Redact([userPrincipalName])", "ada@contoso.com"),
        ('Redact("StringToBeRedacted")', "StringToBeRedacted"),
    ],
)
def test_redacted_value_goes_out_and_is_marked_for_the_logs(expression, expected):
    found = value_of(expression, {"userPrincipalName": "ada@contoso.com"})

    assert found == expected
    assert redacts(parse(expression))


def test_redacted_random_string_is_random_still():
    expression = "Redact(RandomString(6,3,0,0,3))"

    found = value_of(expression)

    assert re.fullmatch("[0-9a-z]{6}", found)
    assert redacts(parse(expression))
