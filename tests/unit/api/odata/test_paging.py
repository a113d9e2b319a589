"""Pages, orders, searches and what is shown."""

from __future__ import annotations

import json
import time

import pytest

from entrasim.api.graph_error import GraphError
from entrasim.api.odata import count, entity, page


def ids(body):
    return [one["id"] for one in body["value"]]


async def test_page_shows_the_usual_properties_and_null_for_those_not_set(found):
    body = await found("")

    assert body["@odata.context"] == "http://127.0.0.1:8420/v1.0/$metadata#people"
    assert body["value"][1] == {
        "id": "2",
        "displayName": "grace Hopper",
        "mail": None,
        "phones": [],
    }
    assert "@odata.nextLink" not in body


async def test_select_shows_what_is_asked_for_and_nothing_else(found):
    body = await found("$select=ID,age")

    assert body["value"][0] == {"id": "1", "age": 36}
    assert body["@odata.context"].endswith("#people(id,age)")


async def test_expand_adds_the_object_at_the_other_end(found):
    body = await found("$select=id&$expand=boss($select=id;$top=2)")

    assert body["value"][0] == {"id": "1", "boss": {"id": "boss of 1", "n": 2}}


async def test_next_links_lead_through_all_rows_once(found):
    rows = [{"id": str(number)} for number in range(7)]
    seen, query = [], "$top=3&$select=id&$count=true"
    while query:
        body = await found(query, rows)
        seen += ids(body)
        query = body.get("@odata.nextLink", "").partition("?")[2]
        assert body["@odata.count"] == 7

    assert seen == [str(number) for number in range(7)]


async def test_rows_that_go_between_pages_hide_no_other(found):
    rows = [{"id": str(number)} for number in range(6)]
    first = await found("$top=3", rows)

    second = await found(first["@odata.nextLink"].partition("?")[2], rows[1:])

    assert ids(second) == ["3", "4", "5"]


async def test_page_size_may_be_preferred(asking, people, person):
    asked = asking("", prefer="return=minimal, odata.maxpagesize=2")

    answer = await page(asked, people, person, context="people")

    assert len(json.loads(answer.body)["value"]) == 2
    assert answer.headers["preference-applied"] == "odata.maxpagesize=2"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("displayName", "123"),
        ("displayName desc", "321"),
        ("age desc,id", "213"),
        ("hired", "213"),
        ("servicePrincipal/id desc,id desc", "132"),
    ],
)
async def test_rows_come_in_the_order_asked_for(found, order, expected):
    body = await found(f"$orderby={order}")

    assert "".join(ids(body)) == expected


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ('"displayName:love"', "1"),
        ('"displayName:ada lo"', "1"),
        ('"mail:ada@"', "1"),
        ('"displayName:ada" OR "displayName:hop"', "12"),
        ('"displayName:ada" AND "mail:x"', ""),
    ],
)
async def test_search_finds_words(found, search, expected):
    body = await found(f"$search={search}", consistencylevel="eventual")

    assert "".join(ids(body)) == expected


async def test_count_says_how_many_in_figures(asking, people, person):
    answer = await count(asking("$filter=age gt 1"), people, person)

    assert (answer.body, answer.media_type) == (b"2", "text/plain")


async def test_entity_is_told_from_a_page_by_its_context(asking, people, person):
    body = json.loads(entity(asking("$select=id"), people[0], person, context="people").body)

    assert body == {
        "@odata.context": "http://127.0.0.1:8420/v1.0/$metadata#people(id)/$entity",
        "id": "1",
    }


@pytest.mark.parametrize(
    "query",
    [
        "$top=0",
        "$top=1000",
        "$top=x",
        "$top=%C2%B2",
        "$top=99999999999999999999",
        "$top=1&$top=2",
        "$skip=1",
        "$unheard=1",
        "$count=yes",
        "$select=unheard",
        "$expand=unheard",
        "$expand=boss(",
        "$expand=boss($filter=id eq '1')",
        "$expand=" + "boss($expand=" * 100 + ")" * 100,
        "$orderby=unheard",
        "$orderby=age upwards",
        "$orderby=" + ",".join(["age"] * 20),
        '$search="displayName:x"',
        "$skiptoken=x",
        "$skiptoken=%00%ff",
        "$skiptoken=WzAsIiJd",
        "$filter=" + "x" * 9000,
    ],
)
async def test_option_that_graph_refuses_is_a_bad_request(asking, people, person, query):
    with pytest.raises(GraphError) as refused:
        await page(asking(query), people, person, context="people")

    assert refused.value.status == 400


@pytest.mark.parametrize("search", ["x", '"x"', '"mail:x', '"mail:x" "mail:y"', '"mail:x" OR', ""])
async def test_search_that_is_none_is_a_bad_request(asking, people, person, search):
    asked = asking(f"$search={search}", consistencylevel="eventual")

    with pytest.raises(GraphError) as refused:
        await page(asked, people, person, context="people")

    assert refused.value.status == 400


async def test_a_page_of_a_hundred_thousand_takes_no_longer_than_one_of_a_hundred(asking, person):
    rows = [{"id": str(number)} for number in range(100_000)]
    began = time.perf_counter()

    for _ in range(20):
        await page(asking("$top=5"), rows, person, context="people")

    assert time.perf_counter() - began < 0.5
