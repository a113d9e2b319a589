"""The daemon's extension for tests: the clock, a cycle now, and faults of Graph's paths."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from daemon_in_process import EIGHT, running

from entrasim.scheduler.clocks import SystemClock

PEOPLE = 7  # of the starter's tenant are assigned
BUSY = {"fault": "status", "status": 429, "retry_after": "7s", "times": 1}


@pytest.fixture
async def daemon(tmp_path):
    async with running(tmp_path) as found:
        yield found


async def test_clock_stands_still_until_it_is_advanced(daemon):
    before = (await daemon.ask("GET", "/entrasim/clock")).json()
    advanced = (await daemon.ask("POST", "/entrasim/clock/advance", {"minutes": 5})).json()
    after = (await daemon.ask("GET", "/entrasim/clock")).json()

    assert before == {"now": "2026-01-05T08:00:00Z"}
    assert advanced == {"now": "2026-01-05T08:05:00Z", "executions": []}
    assert after == {"now": "2026-01-05T08:05:00Z"}


async def test_advancing_waits_for_the_cycle_that_became_due_and_tells_what_it_did(daemon):
    answer = (await daemon.ask("POST", "/entrasim/clock/advance", {"by": "PT40M"})).json()

    (execution,) = answer["executions"]
    assert answer["now"] == "2026-01-05T08:40:00Z"
    assert (execution["jobId"], execution["kind"]) == ("engagedly", "incremental")
    assert (execution["state"], execution["requests"]["total"]) == ("Succeeded", 1)
    assert len(daemon.engagedly.employees()) == PEOPLE


async def test_missed_cycles_count_once(daemon):
    answer = (await daemon.ask("POST", "/entrasim/clock/advance", {"days": 1, "hours": 2})).json()

    assert answer["now"] == "2026-01-06T10:00:00Z"
    assert len(answer["executions"]) == 1


async def test_clocks_that_are_advanced_at_once_move_one_after_the_other(daemon):
    turns = [daemon.ask("POST", "/entrasim/clock/advance", {"minutes": 40}) for _ in range(3)]

    answers = [answer.json() for answer in await asyncio.gather(*turns)]

    assert sorted(answer["now"][11:16] for answer in answers) == ["08:40", "09:20", "10:00"]
    assert [len(answer["executions"]) for answer in answers] == [1, 1, 1]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, "above zero"),
        ({"by": "PT0M"}, "is no duration"),
        ({"by": "soon"}, "is no duration"),
        ({"by": "PT40M", "minutes": 1}, "either by"),
        ({"minutes": -1}, "minutes"),
        ({"minutes": "40"}, "minutes"),
        ({"days": 366}, "a year at most"),
        ({"weeks": 1}, "weeks"),
        ([], "object"),
    ],
)
async def test_time_that_can_not_pass_is_refused_and_none_passes(daemon, body, expected):
    answer = await daemon.ask("POST", "/entrasim/clock/advance", body)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "BadRequest")
    assert expected in error["message"]
    assert daemon.around.clock.now() == EIGHT


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000, b'{"by": "\\ud800"}'])
async def test_body_that_is_no_json_is_refused(daemon, content):
    answer = await daemon.client.post("/entrasim/clock/advance", content=content)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadRequest")
    assert answer.headers["request-id"] == answer.json()["error"]["innerError"]["request-id"]


@pytest.mark.parametrize(
    ("body", "kind"), [(None, "incremental"), ({}, "incremental"), ({"full": True}, "initial")]
)
async def test_cycle_runs_now_whatever_the_schedule(daemon, body, kind):
    answer = await daemon.ask("POST", "/entrasim/jobs/engagedly/cycle", body)

    assert answer.status_code == 200
    assert (answer.json()["kind"], answer.json()["state"]) == (kind, "Succeeded")
    assert daemon.around.clock.now() == EIGHT


async def test_job_is_known_by_graphs_id_too(daemon):
    (status,) = await daemon.around.daemon.status()

    answer = await daemon.ask("POST", f"/entrasim/jobs/{status.job.graph_id}/cycle")

    assert answer.json()["jobId"] == "engagedly"


async def test_cycle_of_a_job_that_is_not_there_is_not_found(daemon):
    answer = await daemon.ask("POST", "/entrasim/jobs/workday/cycle")

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "Request_ResourceNotFound")


async def test_paused_job_runs_no_cycle(daemon):
    (status,) = await daemon.around.daemon.status()
    await daemon.around.store.set_schedule(status.job, type(status.state.schedule).PAUSED)

    answer = await daemon.ask("POST", "/entrasim/jobs/engagedly/cycle")

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "Conflict")
    assert "paused" in answer.json()["error"]["message"]


async def test_cycle_that_fails_is_an_answer(daemon):
    daemon.engagedly.delete_connection("test")

    answer = await daemon.ask("POST", "/entrasim/jobs/engagedly/cycle")

    assert (answer.status_code, answer.json()["state"]) == (200, "Failed")
    assert answer.json()["error"]["code"].endswith("InvalidCredentials")


async def test_cycle_is_refused_while_another_process_runs_one(daemon):
    async with daemon.around.store.lock("engagedly"):
        answer = await daemon.ask("POST", "/entrasim/jobs/engagedly/cycle")

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "Conflict")


@pytest.mark.parametrize(("how", "status"), [("expired", 400), ("reset", 410)])
async def test_delta_tokens_end_as_told(daemon, how, status):
    first = (await daemon.ask("GET", "/v1.0/users/delta?$deltatoken=latest")).json()
    before = await daemon.client.get(first["@odata.deltaLink"])

    ended = await daemon.ask("POST", "/entrasim/deltaTokens/expire", {"how": how})
    after = await daemon.client.get(first["@odata.deltaLink"])

    assert (before.status_code, ended.status_code) == (200, 204)
    assert after.status_code == status
    assert ("location" in after.headers) == (how == "reset")


async def test_delta_tokens_end_in_no_other_way(daemon):
    answer = await daemon.ask("POST", "/entrasim/deltaTokens/expire", {"how": "softly"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadRequest")


async def test_graphs_paths_fail_as_told_until_the_rules_are_gone(daemon):
    given = await daemon.ask("PUT", "/entrasim/faults", {"seed": 7, "rules": [BUSY]})
    busy = await daemon.ask("GET", "/v1.0/users")
    after = await daemon.ask("GET", "/beta/users")
    shown = await daemon.ask("GET", "/entrasim/faults")
    removed = await daemon.ask("DELETE", "/entrasim/faults")
    none = await daemon.ask("GET", "/entrasim/faults")

    assert given.json() == {"seed": 7, "rules": [BUSY], "counts": {}}
    assert (busy.status_code, busy.headers["retry-after"]) == (429, "7")
    assert busy.json()["error"]["code"] == "TooManyRequests"
    assert busy.headers["request-id"] == busy.json()["error"]["innerError"]["request-id"]
    assert after.status_code != 429
    assert shown.json()["counts"] == {"status 429": 1}
    assert removed.status_code == 204
    assert none.json() == {"seed": 0, "rules": [], "counts": {}}


async def test_answer_of_graph_can_be_lost(daemon):
    lost = {"fault": "lost_answer", "methods": ["GET"], "path": "/v1.0/users"}
    await daemon.ask("PUT", "/entrasim/faults", {"rules": [lost]})

    with pytest.raises(httpx.TransportError):
        await daemon.ask("GET", "/v1.0/users?$top=1")


async def test_what_is_not_graphs_never_fails(daemon):
    await daemon.ask("PUT", "/entrasim/faults", {"rules": [{"fault": "status", "status": 503}]})

    health = await daemon.ask("GET", "/health")
    clock = await daemon.ask("GET", "/entrasim/clock")
    graph = await daemon.ask("GET", "/v1.0/users")

    assert (health.status_code, clock.status_code) == (200, 200)
    assert graph.status_code == 503
    assert graph.json()["error"]["code"] == "serviceNotAvailable"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, "rules: is missing"),
        ({"rules": []}, "one at least"),
        ({"rules": [{"fault": "status"}]}, "rules.0.status: is missing"),
        ({"rules": [{"fault": "stauts", "status": 503}]}, "did you mean status"),
        ({"rules": [BUSY], "sed": 1}, "did you mean seed"),
        ([], "object"),
    ],
)
async def test_rules_that_make_no_sense_are_refused_and_the_old_ones_hold(daemon, body, expected):
    await daemon.ask("PUT", "/entrasim/faults", {"rules": [BUSY]})

    answer = await daemon.ask("PUT", "/entrasim/faults", body)
    shown = await daemon.ask("GET", "/entrasim/faults")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadRequest")
    assert expected in answer.json()["error"]["message"]
    assert shown.json()["rules"] == [BUSY]


async def test_there_is_no_extension_on_the_clock_on_the_wall(tmp_path):
    paths = ("clock", "faults", "clock/advance", "jobs/engagedly/cycle")

    async with running(tmp_path, SystemClock()) as daemon:
        answers = [
            await daemon.ask(method, f"/entrasim/{path}")
            for path in paths
            for method in ("GET", "POST", "PUT", "DELETE")
        ]

    assert {answer.status_code for answer in answers} == {404}
    codes = {answer.json()["error"]["code"] for answer in answers}
    assert codes == {"Request_ResourceNotFound"}
