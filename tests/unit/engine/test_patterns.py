"""Regular expressions as .NET reads them: names, numbers, ends, and bounds."""

from __future__ import annotations

import pytest

from entrasim.engine.dotnet_patterns import PatternError
from entrasim.engine.patterns import Pattern
from entrasim.errors import SourceObjectError


@pytest.mark.parametrize(
    ("pattern", "value", "whole", "anywhere"),
    [
        ("a", "a", True, True),
        ("a", "ba", False, True),
        ("a|ab", "ab", True, True),
        ("a.c", "a\nc", False, False),
        ("(?s)a.c", "a\nc", True, True),
        ("(?i)STRASSE", "strasse", True, True),
        (r"a\z", "a\n", False, False),
        (r"a\Z", "a\n", False, True),
        (r"a$", "a\n", False, True),
        (r"a\\z", "a\\z", True, True),
        ("(?'x'a)\\k<x>", "aa", True, True),
        ("(?<x>a)\\k'x'", "aa", True, True),
        (r"a\\k<x>", "a\\k<x>", True, True),
        ("(?<x>a)(?=b)", "ab", False, True),
        ("(?>a+)b", "aab", True, True),
        ("", "", True, True),
        ("", "a", False, True),
        ("[]a]", "]", True, True),
        (r"\p{L}+\d", "é٣", True, True),
    ],
)
def test_pattern_fits_the_whole_or_a_part(pattern, value, whole, anywhere):
    assert Pattern(pattern).matches_whole(value) is whole
    assert Pattern(pattern).matches_anywhere(value) is anywhere


@pytest.mark.parametrize(
    ("name", "caught"), [("0", "abc"), ("1", "b"), ("2", "a"), ("3", "c"), ("x", "a"), ("y", "c")]
)
def test_groups_without_names_are_counted_first(name, caught):
    pattern = Pattern("(?<x>a)(b)(?<y>c)")

    assert pattern.group(name, "-abc-") == caught
    assert pattern.replace("abc", f"${{{name}}}") == caught


@pytest.mark.parametrize("name", ["4", "z", "", "-1", "9" * 5000, "٣"])
def test_group_that_is_not_there_is_not_known_and_stands_as_it_is(name):
    pattern = Pattern("(?<x>a)(b)(?<y>c)")

    assert not pattern.has_group(name)
    assert pattern.replace("abc", f"${{{name}}}") == f"${{{name}}}"


def test_number_in_a_replacement_takes_all_its_digits():
    many = Pattern("(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)")

    assert many.replace("abcdefghijk", "$11$1$10") == "kaj"
    assert many.replace("abcdefghijk", "$111") == "$111"


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("(", "missing"),
        ("[" * 4_000, "unterminated"),
        ("a" * 5_001, "longer than 5,000 characters"),
        ("(?:ab){2501}", "longer than 5,000 characters"),
        ("((a{300}){300}){300}", "longer than 5,000 characters"),
        ("(" * 2400 + ")" * 2400, "nested too deeply"),
        ("a{2,1}", "no regular expression"),
    ],
    ids=lambda text: text[:20],
)
def test_pattern_that_cant_be_had_says_why(pattern, told):
    with pytest.raises(PatternError, match=told):
        Pattern(pattern)


def test_time_that_a_pattern_may_take_is_told_when_it_is_over():
    pattern = Pattern("(a+)+$", seconds=0.01)

    for call in (pattern.matches_whole, pattern.matches_anywhere):
        with pytest.raises(SourceObjectError, match=r"longer than 0\.01 s") as caught:
            call("a" * 5000 + "!")
        assert caught.value.code == "RegexTimeout"


@pytest.mark.parametrize("replacement", ["$_" * 5000, "$`" * 5000, "x" * 100_001, "$1" * 5000])
def test_replacement_is_not_made_beyond_the_bound(replacement):
    with pytest.raises(SourceObjectError, match="grows beyond 20,000 characters") as caught:
        Pattern("(b+)").replace("a" * 1000 + "b" * 1000, replacement)

    assert caught.value.code == "ExpressionValueTooLarge"


@pytest.mark.parametrize(
    "pattern",
    [
        "(?R)", "(?1)", "(?|a|b)", "a++", "a{2}{3}", r"\m", r"\h", r"\K", r"\X", r"\R", "(*FAIL)",
        "(?V1)a", "(?P<q>a)", "(?n)a", "(?x) a", "(?<1>a)", "(?<-open>a)", "[a-z-[aeiou]]",
    ],
)  # fmt: skip
def test_what_one_of_the_two_dialects_does_not_know_is_refused(pattern):
    with pytest.raises(PatternError, match="is not known"):
        Pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "value", "replaced"),
    [
        ("o{e}", "foo{e}o", "foXo"),
        ("a{,2}", "aa{,2}", "aX"),
        (r"a\cAb", "a\x01b", "X"),
        (r"\e[[]", "\x1b[", "X"),
        ("[[:alpha:]]", "x:]", "xX"),
        ("a(?#one)b", "ab", "X"),
        (r"\p{Lu}+(?i)x", "ABx", "X"),
    ],
)
def test_what_the_library_spells_otherwise_is_read_as_in_dotnet(pattern, value, replaced):
    assert Pattern(pattern).replace(value, "X") == replaced


@pytest.mark.parametrize(
    "pattern", ["(?:(?:(?:a(?#x){1000})(?#x){1000})(?#x){100})", "(a|b)" * 1001, "(?:a{50}){101}"]
)
def test_pattern_that_would_take_much_memory_is_refused(pattern):
    with pytest.raises(PatternError, match="longer than 5,000"):
        Pattern(pattern)
