"""Whatever is sent to the synchronization API, the answer is Graph's, and never 500."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from served import served

TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        "User",
        "customappsso",
        "SecretToken",
        "BaseAddress",
        "*",
        "http://[",
        "None",
        "Full",
        "\ud800",
    ]
)
WORDS = (
    "templateId criteria resetScope value key credentials useSavedCredentials parameters ruleId "
    "subjects objectId objectTypeName links members expression testInputObject properties "
    "synchronizationRules objectMappings attributeMappings source directories scope groups name"
)
NAMES = st.sampled_from(WORDS.split())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
CALLS = [
    ("POST", "/jobs"),
    ("POST", "/jobs/validateCredentials"),
    ("PUT", "/secrets"),
    ("POST", "/jobs/{job}/restart"),
    ("POST", "/jobs/{job}/validateCredentials"),
    ("POST", "/jobs/{job}/provisionOnDemand"),
    ("PUT", "/jobs/{job}/schema"),
    ("POST", "/jobs/{job}/schema/parseExpression"),
]
NO_JSON = [b"", b"{", b"\xff\xfe", b"nul", b"[" * 100_000, b'{"a":"\\ud800"}']
FILTERS = st.text(max_size=30) | st.sampled_from(
    ["jobId eq null", "activityDateTime gt 1", "jobId eq 'x' and", "activityDateTime eq 9999-99-99"]
)


@pytest.fixture
async def site(tmp_path, empty_state):
    async with served(tmp_path, empty_state) as found:
        yield found


def is_graph_s(answer):
    if answer.status_code < 400:
        return answer.status_code in {200, 201, 204}
    error = answer.json()["error"]
    return answer.status_code < 500 and bool(error["code"] and error["message"])


def examples(strategy, count):
    """So many values of a strategy."""
    found = []

    @settings(max_examples=count, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def collect(value):
        found.append(value)

    collect()
    return found


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_body_of_any_form_gets_graph_s_answer(site, method, path):
    job = await site.trusted("customappsso")
    url = f"{site.base}{path.format(job=job)}"
    texts = [json.dumps(body).encode() for body in examples(JSON, 25)]

    answers = [await site.client.request(method, url, content=text) for text in texts]

    assert [a.text for a in answers if not is_graph_s(a)] == []


async def test_body_that_is_no_json_gets_graph_s_answer(site):
    job = await site.made()
    urls = [(method, f"{site.base}{path.format(job=job)}") for method, path in CALLS]

    answers = [
        await site.client.request(method, url, content=text)
        for method, url in urls
        for text in NO_JSON
    ]

    assert [a.text for a in answers if not is_graph_s(a)] == []


async def test_query_of_any_form_gets_graph_s_answer(site):
    await site.started()
    options = ("filter", "orderby", "skiptoken", "top", "select")
    asked = [
        f"${option}={quote(text, errors='replace')}"
        for text in examples(FILTERS, 15)
        for option in options
    ]

    answers = [await site.client.get(f"/v1.0/auditLogs/provisioning?{query}") for query in asked]

    assert [a.text for a in answers if not is_graph_s(a)] == []


async def test_id_of_any_form_is_not_found(site):
    names = ["..", "%2e%2e%2f", "a" * 3000, "%00", "'", "%ff", "()"]
    paths = [
        path
        for known in names
        for path in (
            f"/v1.0/servicePrincipals/{known}/synchronization/jobs",
            f"{site.base}/jobs/{known}",
            f"{site.base}/templates/{known}/schema",
        )
    ]

    answers = [await site.client.get(path) for path in paths]

    assert {answer.status_code for answer in answers} <= {200, 404}
    assert all(map(is_graph_s, answers))


async def test_slash_at_the_end_is_no_matter(site):
    answers = [await site.ask("GET", path) for path in ("/jobs/", "/templates/", "/secrets/")]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
