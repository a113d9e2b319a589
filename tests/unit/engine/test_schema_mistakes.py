"""Mistakes in mappings: all at once, each with its place, its reason and its remedy."""

from __future__ import annotations

import pytest
from portal_schema import CUSTOM, USER, attribute, mapping, portal_schema

from entrasim.bootstrap import examined

USERS = "synchronizationRules[0].objectMappings[2]"
NEXT = f"{USERS}.attributeMappings[12] ({CUSTOM}:field001)"


def found(change):
    document = portal_schema()
    users = document["synchronizationRules"][0]["objectMappings"][2]
    change(users, document)
    return examined(document, origin="mine.json")


def expression(text):
    return {"type": "Function", "name": "f", "expression": text, "parameters": []}


def mapped(text, target=f"{CUSTOM}:field001", **more):
    """What is found with one more mapping."""
    row = mapping(target, expression(text), **more)
    return found(lambda users, _: users["attributeMappings"].append(row))


def definitions(document):
    return document["directories"][1]["objects"][0]["attributes"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('Join(" ", [mail]', "expected"),
        ("Jion([mail])", "no function Jion; did you mean Join?"),
        ("[mial]", "[mial]: the source has no User attribute of that name; did you mean mail?"),
        ("[zzzzz]", "[zzzzz]: the source has no User attribute of that name"),
        ('"' + "a" * 10_001 + '"', "longer than 10,000 characters"),
        ('Join(" ", SelectUniqueValue([mail], [mobile]))', "SelectUniqueValue can't be nested"),
        ("SelectUniqueValue([mail])", "needs two rules at least"),
        ("ToLower()", "argument 1 (source) is missing"),
    ],
)
def test_expression_that_cant_be_used_is_a_mistake(text, told):
    (mistake,) = mapped(text).mistakes

    assert mistake.startswith(f"mine.json: {NEXT}: ")
    assert told in mistake


def test_mistake_in_an_expression_is_shown_by_a_caret():
    (mistake,) = mapped('Join(" ", Lower([mail]))').mistakes

    assert mistake.endswith('\n  Join(" ", Lower([mail]))\n            ^')


def test_every_mistake_in_one_expression_is_told():
    mistakes = mapped("Jion(ToLowr([mial]), [nmae])").mistakes

    told = [mistake.removeprefix(f"mine.json: {NEXT}: ").splitlines()[0] for mistake in mistakes]
    assert told[:2] == [
        "no function Jion; did you mean Join?",
        "no function ToLowr; did you mean ToLower?",
    ]
    assert [text.partition(":")[0] for text in told[2:]] == ["[mial]", "[nmae]"]


@pytest.mark.parametrize(
    ("change", "place", "told"),
    [
        (
            lambda users, _: users["attributeMappings"].append(
                mapping("title", attribute("mobile"))
            ),
            f"{USERS}.attributeMappings[12] (title)",
            f"title is mapped already by {USERS}.attributeMappings[3] (title); remove one of them",
        ),
        (
            lambda users, _: users["attributeMappings"][3].update(targetAttributeName="titel"),
            f"{USERS}.attributeMappings[3] (titel)",
            "titel is not defined in the target directory; did you mean title?",
        ),
        (
            lambda users, _: users["attributeMappings"][8].update(
                targetAttributeName=f"{CUSTOM}:unheardOf"
            ),
            f"{USERS}.attributeMappings[8] ({CUSTOM}:unheardOf)",
            f"{CUSTOM}:unheardOf is not defined in the target directory",
        ),
        (
            lambda users, _: users["attributeMappings"][1].update(matchingPriority=0),
            USERS,
            "no attribute has a matchingPriority above 0",
        ),
        (
            lambda _, document: definitions(document)[3].update(multivalued=True),
            f"{USERS}.attributeMappings[1] (userName)",
            "what has several values can't be matched by",
        ),
        (
            lambda _, document: definitions(document)[3].update(type="Reference"),
            f"{USERS}.attributeMappings[1] (userName)",
            "a reference can't be matched by",
        ),
        (
            lambda users, _: users["attributeMappings"][1].update(
                source=expression("SelectUniqueValue([mail], [mobile])")
            ),
            f"{USERS}.attributeMappings[1] (userName)",
            "SelectUniqueValue can't stand in a matching attribute",
        ),
        (
            lambda _, document: document["directories"][1]["objects"].pop(0),
            USERS,
            f"the target directory doesn't define {USER}",
        ),
        (
            lambda users, _: users.update(
                scope={
                    "groups": [
                        {"clauses": [{"sourceOperandName": "manager", "operatorName": "IS NULL"}]}
                    ]
                }
            ),
            f"{USERS}.scope",
            "manager can't be filtered on",
        ),
        (
            lambda users, _: users.update(enabled=False),
            "synchronizationRules",
            "no enabled mapping of users",
        ),
        (
            lambda users, _: users["attributeMappings"][3].update(source={"type": "Attribute"}),
            f"{USERS}.attributeMappings[3].source.name",
            "expected a text, found nothing",
        ),
    ],
)
def test_mistake_is_told_once_with_its_place(change, place, told):
    (mistake,) = found(change).mistakes

    assert mistake.startswith(f"mine.json: {place}: ")
    assert told in mistake


def test_all_mistakes_are_told_at_once():
    def change(users, _):
        rows = users["attributeMappings"]
        rows[0]["source"]["expression"] = "Swich([IsSoftDeleted])"
        rows[2]["targetAttributeName"] = "userName"
        rows[3]["flowType"] = "Never"
        rows[4]["source"]["name"] = "givenNaem"
        users["scope"]["groups"] = [
            {"clauses": [{"sourceOperandName": "departmnt", "operatorName": "IS NULL"}]}
        ]

    mistakes = found(change).mistakes

    for told in (
        "no function Swich",
        "mapped already",
        '"Never" is none',
        "[givenNaem]",
        "departmn",
    ):
        assert len([mistake for mistake in mistakes if told in mistake]) == 1
    assert len(mistakes) == 5


@pytest.mark.parametrize(
    "name", ["IsSoftDeleted", "onPremisesImmutableId", "extension_1_x", "accountEnabled"]
)
def test_attribute_that_every_directory_has_needs_no_definition(name):
    assert mapped(f"[{name}]") == examined(portal_schema(), origin="mine.json")


def test_source_directory_that_defines_nothing_may_hold_any_attribute():
    def change(users, document):
        users["attributeMappings"][3]["source"] = attribute("workerID")
        document["directories"][0]["objects"] = []

    assert found(change).mistakes == ()


@pytest.mark.parametrize(
    ("text", "more", "told"),
    [
        ("Guid()", {}, "what Guid gives changes every cycle"),
        ("SelectUniqueValue([mail], [mobile])", {}, "Entra doesn't offer SelectUniqueValue"),
        ("[mobilePhone]", {}, "always empty: the provisioning service calls it mobile"),
    ],
)
def test_what_is_unwise_is_a_warning_and_no_mistake(text, more, told):
    unwise = mapped(text, **more)

    (warning,) = unwise.warnings
    assert unwise.mistakes == ()
    assert warning.startswith(f"mine.json: {NEXT}: ")
    assert told in warning


def test_value_of_chance_that_is_sent_once_is_not_warned_of():
    assert mapped("Guid()", flowType="ObjectAddOnly").warnings == ()


def test_source_whose_name_and_expression_differ_is_warned_of():
    def change(users, _):
        users["attributeMappings"][3]["source"]["expression"] = "[mobile]"

    (warning,) = found(change).warnings

    assert warning == (
        f"mine.json: {USERS}.attributeMappings[3].source: the name says [jobTitle], "
        "the expression [mobile]; the name counts"
    )


def test_required_attribute_that_nothing_is_mapped_to_is_warned_of():
    def change(_, document):
        definitions(document)[-1]["required"] = True

    (warning,) = found(change).warnings

    assert f"the target requires {CUSTOM}:field239, and nothing is mapped to it" in warning


def test_mistake_in_a_disabled_mapping_is_a_warning():
    def change(_, document):
        groups = document["synchronizationRules"][0]["objectMappings"][1]
        groups["attributeMappings"][1]["targetAttributeName"] = "nowhere"

    unwise = found(change)

    assert unwise.mistakes == ()
    (warning,) = unwise.warnings
    assert "nowhere is not defined" in warning
    assert "disabled" in warning


def test_second_mapping_of_users_is_warned_of():
    def change(users, document):
        document["synchronizationRules"][0]["objectMappings"].append(users)

    (warning,) = found(change).warnings

    assert f"objectMappings[4]: is not used, since {USERS} provisions User objects" in warning


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [[]], {"synchronizationRules": [[]]}])
@pytest.mark.parametrize(
    "key", ["synchronizationRules", "directories", "objectMappings", "attributeMappings", "scope"]
)
def test_no_document_is_too_strange_to_be_examined(key, value):
    def strange(part):
        if isinstance(part, dict):
            return {k: value if k == key else strange(v) for k, v in part.items()}
        return [strange(v) for v in part] if isinstance(part, list) else part

    told = examined(strange(portal_schema()), origin="mine.json")

    assert all(text.startswith("mine.json: ") for text in told.mistakes + told.warnings)


def typed(kind, text, **more):
    """What is found with one more mapping, to an attribute of that type."""

    def change(users, document):
        definitions(document).append({**attribute(f"{CUSTOM}:extra"), "type": kind})
        users["attributeMappings"].append(mapping(f"{CUSTOM}:extra", expression(text), **more))

    return found(change)


@pytest.mark.parametrize("text", ["[employeeId]", "Coalesce([manager])", '"ada"'])
def test_reference_that_nothing_can_flow_to_is_a_mistake(text):
    (mistake,) = typed("Reference", text).mistakes

    assert "is a reference, which nothing but one of the source can flow to" in mistake


@pytest.mark.parametrize(("kind", "default"), [("Boolean", "perhaps"), ("Integer", "1.5")])
def test_default_value_of_another_type_is_a_mistake(kind, default):
    (mistake,) = typed(kind, "[accountEnabled]", defaultValue=default).mistakes

    assert f'defaultValue "{default}" is no {kind}' in mistake


@pytest.mark.parametrize(
    ("text", "more", "told"),
    [
        ("[manager]", {}, "[manager] is a reference, and always empty where a text is wanted"),
        ("[appRoleAssignments]", {}, "is not meant to be mapped directly"),
        ("[mail]", {"matchingPriority": 1}, "has the matchingPriority of"),
    ],
)
def test_mapping_that_does_not_do_what_it_seems_to_is_warned_of(text, more, told):
    result = typed("String", text, **more)

    assert result.mistakes == ()
    assert [told in warning for warning in result.warnings] == [True]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("emails.value", "can't stand beside"),
        ("emails", "can't stand beside"),
        ('emails[type eq "work".value', "the condition can't be read"),
        ('emails[type ne "work"].value', "the condition can't be read"),
        ("emails[type eq work].value", "the condition can't be read"),
        ("emails[].value", "the condition can't be read"),
        (".a", "is no attribute"),
        ("a..b", "is no attribute"),
        ("a.b.c", "is no attribute"),
        (f"{CUSTOM}:", "is no attribute"),
        ("id", "is the target's own"),
        ("meta.resourceType", "is the target's own"),
        ("schemas", "is the target's own"),
    ],
)
def test_target_attribute_that_cant_be_written_to_is_a_mistake(name, told):
    def change(users, document):
        definitions(document).append({"name": name, "type": "String"})
        users["attributeMappings"].append(mapping(name, expression("[mail]")))

    result = found(change)

    assert len(result.mistakes) == 1
    assert told in result.mistakes[0]
