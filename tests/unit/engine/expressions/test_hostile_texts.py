# ruff: noqa: RUF001 - letters that look like others are among what is strange
"""Texts made to break the language: each is an error of its own kind, and none hangs."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from speaking import failure_of, value_of, world

from entrasim.engine.expressions import ExpressionError, compile_expression
from entrasim.engine.expressions.functions import FUNCTIONS
from entrasim.errors import SourceObjectError

LIMIT = 100_000
TOKENS = [
    *FUNCTIONS,
    *'()[],"\\=<>&-.$ \n',
    "<>",
    ">=",
    "[mail]",
    '"text"',
    '"(a+)+$"',
    "0",
    "-1",
    "&HF",
    "&H",
    "999999999999999999",
    "vbTextCompare",
    "AND",
    "é",
    "\0",
    "\ud800",
]
STRANGE = [
    "",
    "\0",
    "\ud800",
    "e\u0301",
    "𝒜",
    "İı",
    "a" * 40 + "!",
    "(a+)+$",
    "(a|aa)+",
    "(",
    "${9999999999}$9$_$&",
    "-1",
    "9" * 18,
    "9" * 5000,
    "True",
    "tr-TR",
    "yyyy",
    "m",
    "ww",
    "d",
    "0001-01-01",
    "9999-12-31T23:59:59-14:00",
    "1/1/0001 12:00:00 AM",
    "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz",
    "vbTextCompare",
    '{"value": "editor"}',
]
SETTINGS = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(10**30), max_value=10**30),
    st.text(max_size=20),
    st.sampled_from(STRANGE),
)
values = st.one_of(scalars, st.lists(st.sampled_from(STRANGE), max_size=4).map(tuple))


def quoted(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def calls(arguments):
    """Calls of any function, with as many arguments as it takes."""

    def of(function):
        least = sum(parameter.required for parameter in function.parameters)
        repeats = any(parameter.repeating for parameter in function.parameters)
        most = len(function.parameters) + 4 * repeats
        return st.lists(arguments, min_size=least, max_size=most).map(
            lambda given: f"{function.name}({', '.join(given)})"
        )

    return st.sampled_from(list(FUNCTIONS.values())).flatmap(of)


expressions = st.recursive(
    st.one_of(
        st.sampled_from(["[a]", "[b]", "[c]", "[d]", "0", "1", "-1", "&HFF", "vbTextCompare"]),
        st.sampled_from(STRANGE).map(quoted),
    ),
    calls,
    max_leaves=12,
)


def outcome(text, attributes):
    """What comes of an expression: a value, or one of the two errors there may be."""
    try:
        return compile_expression(text, world(default_domain="contoso.com"))(attributes)
    except (ExpressionError, SourceObjectError) as error:
        return str(error)


@SETTINGS
@given(text=st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    found = outcome(text, {})

    assert not isinstance(found, str) or len(found) <= 400


@SETTINGS
@given(tokens=st.lists(st.sampled_from(TOKENS), max_size=40), attributes=st.just({"mail": "a"}))
def test_any_soup_of_tokens_is_read_or_refused(tokens, attributes):
    found = outcome("".join(tokens), attributes)

    assert not isinstance(found, str) or "expected \n" not in found


@SETTINGS
@given(text=expressions, a=values, b=values, c=scalars, d=scalars)
def test_any_expression_gives_a_bounded_value_or_fails_that_user_alone(text, a, b, c, d):
    found = outcome(text, {"a": a, "b": b, "c": c, "d": d})

    assert found is None or isinstance(found, bool | int | str | tuple)
    assert not isinstance(found, str | tuple) or len(found) <= LIMIT


@SETTINGS
@given(format_text=st.text("dfFghHKmMstyz.%'\"\\:/ -0T", max_size=30), text=st.text(max_size=30))
def test_any_format_writes_a_date_or_fails(format_text, text):
    attributes = {"f": format_text, "x": text}

    written = outcome('FormatDateTime("2024-02-29", , "yyyy-MM-dd", [f])', attributes)
    read = outcome('FormatDateTime([x], , [f], "o")', attributes)

    assert isinstance(written, str)
    assert read is None or isinstance(read, str)


@SETTINGS
@given(pattern=st.text("ab()[]{}?*+|^$\\.<>=!:'01,-", max_size=20), group=st.text(max_size=3))
def test_any_pattern_is_applied_or_refused(pattern, group):
    attributes = {"x": "aabb" * 5, "p": pattern, "g": group}

    replaced = outcome('Replace([x], , [p], , "$1$&")', attributes)
    grouped = outcome('Replace([x], , [p], [g], "-")', attributes)

    assert isinstance(replaced, str)
    assert isinstance(grouped, str)


@pytest.mark.parametrize(
    "text",
    [
        ("ToLower(" * 1250)[:10_000],
        "ToLower(" * 1000 + '"x"' + ")" * 1000,
        "(" * 10_000,
        "IIF(" * 51 + '"x"' + ',"a","b")' * 51,
        '"' + "x" * 10_000,
        '"' + '\\"' * 4999,
        "\\" * 10_000,
        "[" * 10_000,
        " " * 10_000,
        "," * 10_000,
        'Join("",' + "," * 9900 + ")",
        "9" * 10_000,
        "&H" + "F" * 9000,
        "A" * 10_000,
        'Replace("a", , "' + "[" * 9000 + '", , "b")',
        'Replace("a", , "' + "(" * 9000 + '", , "b")',
        'Replace("a", , "(?:a{9999}){9999}", , "b")',
        'Replace("a", , "a{999999999}", , "b")',
        "x" * 1_000_000,
    ],
    ids=lambda text: text[:20],
)
def test_endless_text_is_refused(text):
    with pytest.raises(ExpressionError):
        compile_expression(text)


def test_fifty_calls_deep_is_the_limit_and_bearable():
    deepest = "ToLower(" * 50 + '"A"' + ")" * 50

    assert value_of(deepest) == "a"
    with pytest.raises(ExpressionError, match="nested deeper than 50 calls"):
        compile_expression(f"ToLower({deepest})")


@pytest.mark.parametrize(
    "text", ['Replace("a", , "a", [x], "b")', "DateAdd([x], 1, Now())", "Left([x], [x])"]
)
def test_failure_quotes_the_beginning_of_a_long_value(text):
    told = failure_of(text, {"x": "x" * 20_000})

    assert "xxx" in told
    assert len(told) < 200


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(?:a?){30}a{30}!"])
def test_hostile_pattern_is_stopped(pattern):
    told = failure_of('Replace([x], , [p], , "b")', {"x": "a" * 5000 + "!", "p": pattern})

    assert "takes longer than 0.1 s" in told


@pytest.mark.parametrize(
    ("calls_made", "share"), [(1, "0.1"), (10, "0.1"), (20, "0.05"), (100, "0.01"), (250, "0.004")]
)
def test_patterns_of_one_evaluation_share_one_second(calls_made, share):
    quick = ["Replace([x],,[z],,[y])"] * (calls_made - 1)
    text = f'Join("", {", ".join([*quick, "Replace([x],,[p],,[y])"])})'
    attributes = {"x": "a" * 5000 + "!", "p": "(a+)+$", "y": "", "z": "z"}

    told = failure_of(text, attributes)

    assert f"takes longer than {share} s;" in told


@pytest.mark.parametrize(
    "text",
    [
        "Append(" * 40 + "[x]" + ", [x])" * 40,
        f"Join([x], {', '.join(['[x]'] * 40)})",
        f'Join("", {", ".join(["[x]"] * 40)})',
        'Replace([x], "x", , , [x])',
        'Replace([x], "x", , , , , [x])',
        'Replace([x], , "x", , [x])',
        'Replace([x], , "x", , "$_")',
        f'Replace("x", , "x", , "{"$_$&" * 1000}[x]")'.replace('"x", ,', "[x], ,", 1),
        'Replace([x], , "(x)", "1", [x])',
        'Replace([x], , "", , [x])',
        "ConvertToBase64(ConvertToBase64(ConvertToBase64(ConvertToBase64([x]))))",
        "ConvertToUTF8Hex(ConvertToUTF8Hex(ConvertToUTF8Hex(ConvertToUTF8Hex([x]))))",
        "NormalizeDiacritics(" * 4 + "Append([x], [y])" + ")" * 4,
        'FormatDateTime("2024-02-29", , "yyyy-MM-dd", Append([x], [x]))',
        'Split([y], ",")',
        'Word([y], 1, ",")',
        'InStr([y], "z", 1, vbTextCompare)',
    ],
    ids=lambda text: text[:40],
)
def test_value_that_would_grow_without_end_is_refused(text):
    told = failure_of(text, {"x": "x" * 20_000, "y": "æ," * 110_000})

    assert "grows beyond 20,000 characters" in told


@pytest.mark.parametrize(
    "text",
    [
        "CDate([x])",
        "Left([y], [x])",
        'Word([x], 2, "x")',
        "ToLower([y], [x])",
        'Switch([x], "d", "y", "z")',
        'FormatDateTime([x], [x], "yyyy", "yyyy")',
        'IIF([x] > "1", "a", "b")',
        "PCase(NormalizeDiacritics(ToUpper([x])))",
        "RandomString([x], 1, 1, 1, 1)",
        'InStr([x], "y", 1, vbTextCompare)',
        'Replace([x], "nowhere", , , "y")',
        "SingleAppRoleAssignment([x])",
    ],
)
@pytest.mark.parametrize("letter", [" ", "x", "9", "[", '"', "é"])
def test_long_attribute_is_borne(text, letter):
    found = outcome(text, {"x": letter * 90_000, "y": "y"})

    assert isinstance(found, str | int)
