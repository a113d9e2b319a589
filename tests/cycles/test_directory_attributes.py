"""What only some directories have: directory extensions and guests, as Graph writes them."""

from __future__ import annotations

import pytest

from entrasim.model.decision import AttributeChange

COST_CENTER = "extension_53c9e2c0acme4711_costCenter"
BADGE = "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User:CustomAttribute"
GUEST = "grace_fabrikam.com#EXT#@contoso.onmicrosoft.com"


def user(**properties):
    return {"id": "ada", "mail": "ada@contoso.com", "accountEnabled": True, **properties}


async def test_directory_extension_flows_and_is_brought_up_to_date(story):
    story.map(BADGE, f"[{COST_CENTER}]")
    story.read_in(user(**{COST_CENTER: "4130"}))
    story.assign("ada")
    await story.cycle()
    first = story.employee("ada")[BADGE]

    story.read_in(user(**{COST_CENTER: "4711"}))
    await story.cycle()

    [(_, changes)] = story.target.changes
    assert first == "4130"
    assert changes == (AttributeChange(attribute=BADGE, before="4130", after="4711"),)


async def test_name_of_a_directory_extension_counts_by_case(story):
    story.map(BADGE, f"[{COST_CENTER.lower()}]")
    story.read_in(user(**{COST_CENTER: "4130"}))
    story.assign("ada")

    await story.cycle()

    assert BADGE not in story.employee("ada")


@pytest.mark.parametrize(
    ("value", "sent"), [(43, "43"), (True, "True")], ids=["integer", "boolean"]
)
async def test_directory_extension_of_another_type_is_a_text_in_a_text(story, value, sent):
    story.map(BADGE, f"[{COST_CENTER}]")
    story.read_in(user(**{COST_CENTER: value}))
    story.assign("ada")

    await story.cycle()

    assert story.employee("ada")[BADGE] == sent


async def test_directory_extension_can_be_used_in_an_expression(story):
    story.map("title", f'Join(" ", "Center", [{COST_CENTER}])')
    story.read_in(user(**{COST_CENTER: "4130"}))
    story.assign("ada")

    await story.cycle()

    assert story.employee("ada")["title"] == "Center 4130"


async def test_guest_goes_by_their_own_address(story):
    story.map("userName", "[userPrincipalName]", matching_priority=1)
    story.map("title", "[originalUserPrincipalName]")
    story.read_in({"id": "g", "userPrincipalName": GUEST, "accountEnabled": True})
    story.assign("g")

    await story.cycle()

    (guest,) = story.target.objects.values()
    assert guest["userName"] == "grace@fabrikam.com"
    assert guest["title"] == GUEST


async def test_original_name_of_somebody_who_is_no_guest_is_their_name(story):
    story.map("title", "[originalUserPrincipalName]")
    story.read_in(user(userPrincipalName="ada@contoso.com"))
    story.assign("ada")

    await story.cycle()

    assert story.employee("ada")["title"] == "ada@contoso.com"


async def test_guest_is_found_under_their_own_address(story):
    story.map("userName", "[userPrincipalName]", matching_priority=1)
    story.target.objects["old"] = {"userName": "GRACE@fabrikam.com"}
    story.read_in({"id": "g", "userPrincipalName": GUEST, "jobTitle": "Guest"})
    story.assign("g")

    execution = await story.cycle()

    assert execution.counts.created == 0
    assert story.target.objects["old"]["title"] == "Guest"


async def test_guest_whose_alias_has_underscores_keeps_them(story):
    story.map("userName", "[userPrincipalName]", matching_priority=1)
    name = "grace_the_first_fabrikam.com#EXT#@contoso.onmicrosoft.com"
    story.read_in({"id": "g", "userPrincipalName": name})
    story.assign("g")

    await story.cycle()

    assert [v["userName"] for v in story.target.objects.values()] == [
        "grace_the_first@fabrikam.com"
    ]
