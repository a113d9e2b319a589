"""$batch: several requests in one."""

from __future__ import annotations

import pytest
from contoso_files import ADA, GRACE, SALES


async def answered(graph, *requests):
    body = await graph.send("POST", "$batch", status=200, json={"requests": list(requests)})
    return {one["id"]: one for one in body["responses"]}


def step(known, method, url, **more):
    return {"id": known, "method": method, "url": url, **more}


async def test_each_request_is_answered_as_if_it_came_alone(graph):
    answers = await answered(
        graph,
        step("1", "GET", "/users/ada@contoso.com?$select=id"),
        step("2", "PATCH", f"users/{GRACE}", body={"city": "Arlington"}),
        step("3", "GET", "/users/nobody"),
        step("4", "GET", "/users/$count", headers={"ConsistencyLevel": "eventual"}),
    )

    alone = await graph.get("users/ada@contoso.com?$select=id")
    assert answers["1"]["body"] == alone
    assert answers["1"]["headers"]["Content-Type"].startswith("application/json")
    assert (answers["2"]["status"], "body" in answers["2"]) == (204, False)
    assert answers["3"]["status"] == 404
    assert answers["3"]["body"]["error"]["code"] == "Request_ResourceNotFound"
    assert answers["4"]["body"] == "2"
    assert (await graph.get(f"users/{GRACE}?$select=city"))["city"] == "Arlington"


async def test_request_that_depends_on_a_failed_one_is_not_carried_out(graph):
    reference = {"@odata.id": f"{graph.url}/users/{GRACE}"}

    answers = await answered(
        graph,
        step("a", "GET", "/users/nobody"),
        step("b", "POST", f"/groups/{SALES}/members/$ref", body=reference, dependsOn=["a"]),
        step("c", "GET", f"/users/{ADA}", dependsOn=["b"]),
        step("d", "GET", f"/users/{ADA}"),
    )

    assert [answers[known]["status"] for known in "abcd"] == [404, 424, 424, 200]
    assert len((await graph.get(f"groups/{SALES}/members"))["value"]) == 1


@pytest.mark.parametrize(
    "requests",
    [
        None,
        [],
        {},
        [1],
        [{"id": "1", "method": "GET"}],
        [step("1", "GET", 7)],
        [step("", "GET", "/users")],
        [step("1", "GET", "/users"), step("1", "GET", "/users")],
        [step("1", "BREW", "/users")],
        [step("1", "GET", "https://graph.microsoft.com/v1.0/users")],
        [step("1", "GET", "//elsewhere/users")],
        [step("1", "POST", "/$batch", body={"requests": []})],
        [step("1", "POST", "/%24batch", body={"requests": []})],
        [step("1", "GET", "/users", dependsOn=["2"]), step("2", "GET", "/users")],
        [step("1", "GET", "/users", headers={"a": "b\nc"})],
        [step(str(n), "GET", "/users") for n in range(21)],
    ],
)
async def test_batch_that_graph_refuses_is_a_bad_request(graph, requests):
    code, _ = await graph.refused("POST", "$batch", json={"requests": requests})

    assert code == "BadRequest"


@pytest.mark.parametrize(
    "url", ["/unheard", "/../health", "/users/é?$select=é", "/users/%ff", "/users/%00"]
)
async def test_url_that_leads_nowhere_is_not_found_or_bad(graph, url):
    answers = await answered(graph, step("1", "GET", url))

    assert answers["1"]["status"] in {400, 404}
