"""Guid and RandomString: counts, and what can't be made."""

from __future__ import annotations

import pytest
from speaking import failure_of, value_of

from entrasim.engine.expressions import compile_expression
from entrasim.errors import SourceObjectError

KINDS = (str.isdigit, lambda letter: not letter.isalnum(), str.isupper, str.islower)


@pytest.mark.parametrize(
    "least", [(0, 0, 0, 0), (8, 0, 0, 0), (0, 8, 0, 0), (2, 2, 2, 2), (1, 1, 1, 1), (0, 0, 1, 0)]
)
@pytest.mark.parametrize("seed", range(5))
def test_random_string_has_at_least_so_many_of_each_kind(least, seed):
    text = f"RandomString(8, {', '.join(map(str, least))})"

    made = value_of(text, seed=seed)

    assert len(made) == 8
    assert made.isascii()
    for kind, count in zip(KINDS, least, strict=True):
        assert sum(map(kind, made)) >= count


def test_random_string_uses_no_kind_that_is_not_wanted():
    assert value_of("RandomString(256, 1, 0, 0, 0)").isdigit()
    assert value_of("RandomString(256, 0, 0, 1, 0)").isupper()
    assert not any(map(str.isalnum, value_of("RandomString(256, 0, 1, 0, 0)")))


def test_random_string_avoids_characters():
    made = value_of('RandomString(100, 1, 0, 0, 0, "02468")')

    assert set(made) == set("13579")


@pytest.mark.parametrize("text", ["RandomString(0,0,0,0,0)", 'RandomString("0",0,0,0,0,"")'])
def test_random_string_may_be_empty(text):
    assert value_of(text) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("RandomString(257,0,0,0,0)", "can't make a text of 257 characters"),
        ("RandomString(-1,0,0,0,0)", "can't make a text of -1 characters"),
        ("RandomString(3,1,1,1,1)", "can't make a text of 3 characters"),
        ("RandomString(3,-1,1,1,1)", "can't make a text of 3 characters"),
        ("RandomString(999999999999999999,0,0,0,0)", "can't make a text"),
        ('RandomString("six",0,0,0,0)', "wants a whole number"),
        ("RandomString([absent],0,0,0,0)", "wants a whole number"),
        ('RandomString(3,1,0,0,0,"0123456789")', "leaves none of a kind"),
        (
            'RandomString(3,0,0,0,0,"0123456789abcdefghijklmnopqrstuvwxyz")',
            "leaves no character at all",
        ),
    ],
)
def test_random_string_that_cant_be_made_fails(text, told):
    assert told in failure_of(text)


def test_same_chance_makes_the_same_values():
    text = 'Join(" ", Guid(), RandomString(20,1,1,1,1))'

    first, second = value_of(text, seed=3), value_of(text, seed=3)

    assert first == second
    assert first != value_of(text, seed=4)


@pytest.mark.parametrize("text", ["Guid()", "RandomString(1,0,0,0,0)", "Now()", "DefaultDomain()"])
def test_world_that_is_not_there_fails_whoever_asks_for_it(text):
    evaluate = compile_expression(text)

    with pytest.raises(SourceObjectError, match=r"there is no|not known"):
        evaluate({})
