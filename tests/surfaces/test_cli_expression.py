"""An expression, tried out at the command line."""

from __future__ import annotations

import json

import pytest


async def test_expression_shows_what_it_makes_of_a_user_and_how_it_was_read(site):
    text = 'Join(" ", [givenName], ToUpper([surname]))'

    code, out, err = await site.run("expression", text, "--object", "ada@contoso.com")

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        '"Ada LOVELACE"  String for ada@contoso.com',
        "Join",
        '├── separator " "',
        '├── source1 [givenName] is "Ada"',
        "└── source2 ToUpper",
        '    └── source [surname] is "Lovelace"',
    ]


@pytest.mark.parametrize(("entitled", "active"), [(True, "True"), (False, "False")])
async def test_object_knows_whether_it_is_soft_deleted_as_a_cycle_would(site, entitled, active):
    if not entitled:
        await site.run("tenant", "user", "disable", "ada@contoso.com")
    text = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'

    _, out, _ = await site.run("expression", text, "--object", "ada@contoso.com", "--json")

    assert json.loads(out)["evaluationResult"] == [active]


async def test_what_is_set_by_hand_counts_more_than_the_object(site):
    text = 'Join("-", [givenName], [city])'

    _, out, _ = await site.run(
        "expression", text, "--object", "ada@contoso.com", "--set", "city=Turin", "--json"
    )

    assert json.loads(out)["evaluationResult"] == ["Ada-Turin"]


async def test_several_values_of_one_name_are_a_multi_valued_attribute(site):
    _, out, _ = await site.run(
        "expression", 'Join(";", [all])', "--set", "all=a", "--set", "all=b", "--json"
    )

    assert json.loads(out)["evaluationResult"] == ["a;b"]


async def test_without_an_object_it_needs_no_configuration(site, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    site.folder = empty

    code, out, _ = await site.run("expression", "[mail]", "--set", "mail=", "--json")

    answer = json.loads(out)
    assert code == 0
    assert (answer["evaluationResult"], answer["type"]) == ([], "null")


async def test_text_that_does_not_parse_gets_a_caret_and_exit_code_1(site):
    code, out, err = await site.run("expression", 'Join(" ", [givenName], [surname)')
    machine = await site.run("expression", "Joyn([mail])", "--json")

    assert (code, out) == (1, "")
    assert err.splitlines()[1:] == [
        '  Join(" ", [givenName], [surname)',
        "                         ^",
    ]
    assert machine[0] == 1
    error = json.loads(machine[1])["parsingError"]
    assert error["message"].startswith("no function Joyn; did you mean Join?")


async def test_evaluation_that_fails_says_why_and_still_shows_the_tree(site):
    code, out, err = await site.run("expression", 'Item([mail], "x")', "--set", "mail=a")

    assert code == 1
    assert err == "Error: in Item: wants a whole number, found 'x'\n"
    assert out.splitlines()[0] == "Item"


@pytest.mark.parametrize("letters", ["word ", "letters"])
async def test_long_value_is_shown_whole_on_several_lines(site, letters):
    value = letters * 60

    _, out, _ = await site.run("expression", "Left([notes], 4)", "--set", f"notes={value}")

    tree = "".join(line.lstrip("│ ") for line in out.splitlines(keepends=True))
    assert f'[notes] is "{value}"'.replace(" ", "") in "".join(tree.split())
    assert "└── NumChars 4" in out.splitlines()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--set", "mail"), '--set wants name=value, found "mail"'),
        (("--object", "nobody"), 'nobody in the directory is called "nobody"'),
    ],
)
async def test_misuse_is_told_and_exits_with_2(site, options, told):
    code, out, err = await site.run("expression", "[mail]", *options)

    assert (code, out, err) == (2, "", f"Error: {told}\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[giveName]", "nobody is known to have an attribute giveName; did you mean givenName?"),
        ("[manager]", "[manager] is a reference: it flows to a reference, and is empty elsewhere"),
    ],
)
async def test_attribute_that_is_empty_for_a_reason_is_explained(site, text, told):
    code, out, err = await site.run("expression", text, "--object", "ada@contoso.com")

    assert (code, err) == (0, f"{told}\n")
    assert out.startswith("nothing  ")
