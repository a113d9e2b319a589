"""Which requests a rule hits, how often, and that the seed decides."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from entrasim.testing.faults import Delay, Faults, Reset, Status
from entrasim.transport import NoAnswerError

SECOND = timedelta(seconds=1)


def once(body):
    """A client that sends a body, and then waits."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        if not messages:
            await asyncio.Event().wait()
        return messages.pop()

    return receive


async def statuses(faults, requests):
    """The statuses by which an application behind the faults answers requests."""
    found = []

    async def application(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200})

    async def send(message):
        found.extend([message["status"]] if "status" in message else [])

    for method, path, body in requests:
        path_only, _, query = path.partition("?")
        scope = {"method": method, "path": path_only, "query_string": query.encode()}
        await faults.around(application)({"type": "http", **scope}, once(body), send)
    return found


MANY = [("GET", "/Users", b"")] * 1000


async def test_same_seed_and_requests_give_the_same_faults():
    rules = [Status(503, share=0.3), Status(429, share=0.3)]

    first = await statuses(Faults(rules, seed=1), MANY)
    again = await statuses(Faults(rules, seed=1), MANY)
    other = await statuses(Faults(rules, seed=2), MANY)

    assert first == again
    assert first != other


async def test_share_is_about_that_of_the_requests():
    faults = Faults([Status(503, share=0.2)])

    found = await statuses(faults, MANY)

    assert 150 < found.count(503) < 250
    assert faults.counts == {"status 503": found.count(503)}


async def test_draws_of_a_rule_do_not_depend_on_the_others():
    rule = Status(503, share=0.3, methods=("GET",))
    alone = await statuses(Faults([rule]), MANY)

    above = Status(429, methods=("POST",), share=0.5)
    twice = Status(500, name="other", share=0.5, path="/Groups")
    mixed = [r for request in MANY for r in (("POST", "/Groups", b""), request)]
    among = await statuses(Faults([above, twice, rule]), mixed)

    assert among[1::2] == alone


async def test_equal_rules_draw_on_their_own():
    rule = Delay(SECOND, share=0.5)
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    await statuses(Faults([rule, rule], sleep=sleep), MANY)

    assert 400 < slept.count(1.0) < 600
    assert 180 < slept.count(2.0) < 320


async def test_first_requests_are_let_through_and_no_more_hit_than_told():
    faults = Faults([Status(503, skip=2, times=3)])

    found = await statuses(faults, MANY[:8])

    assert found == [200, 200, 503, 503, 503, 200, 200, 200]


async def test_rule_that_another_came_before_keeps_its_times():
    faults = Faults([Status(500, times=2), Status(503, times=2)])

    found = await statuses(faults, MANY[:5])

    assert found == [500, 500, 503, 503, 200]
    assert faults.counts == {"status 500": 2, "status 503": 2}


@pytest.mark.parametrize(
    ("conditions", "hit"),
    [
        ({}, [True, True, True]),
        ({"methods": ("POST", "PATCH")}, [False, True, True]),
        ({"path": "/Groups/"}, [False, False, True]),
        ({"path": 'userName eq "ada@'}, [True, False, False]),
        ({"path": "^/Users$"}, [False, True, False]),
        ({"sent": "grace@contoso[.]com"}, [False, True, False]),
        ({"methods": ("POST",), "path": "/Groups"}, [False, False, False]),
    ],
)
async def test_rule_says_which_requests_it_is_about(conditions, hit):
    requests = [
        ("GET", "/Users?filter=userName+eq+%22ada%40contoso.com%22", b""),
        ("POST", "/Users", b'{"userName": "grace@contoso.com"}'),
        ("PATCH", "/Groups/7", b"\xff"),
    ]

    found = await statuses(Faults([Status(503, **conditions)]), requests)

    assert [status == 503 for status in found] == hit


async def test_silenced_faults_neither_happen_nor_go_on():
    faults = Faults([Status(503, skip=1, times=1)])

    before = await statuses(faults, MANY[:1])
    faults.active = False
    meanwhile = await statuses(faults, MANY[:5])
    faults.active = True
    after = await statuses(faults, MANY[:2])

    assert (before, meanwhile, after) == ([200], [200] * 5, [503, 200])
    assert faults.counts.total() == 1


async def test_faults_are_counted_by_name_and_told():
    told = []
    rules = [Status(503, name="outage", times=2), Status(404, name="outage", times=1)]
    faults = Faults(rules, tell=lambda injected: told.append(str(injected)))

    await statuses(faults, [("GET", "/Users/a\nb?code=k3y", b"")] * 4)

    assert faults.counts == {"outage": 3}
    assert told == ["outage: GET /Users/a%0Ab"] * 3


async def test_what_is_no_http_request_passes():
    passed = []

    async def application(scope, _receive, _send):
        passed.append(scope["type"])

    await Faults([Status(503)]).around(application)({"type": "lifespan"}, None, None)

    assert passed == ["lifespan"]


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Status(99), "Status"),
        (lambda: Status(503, share=0), "share"),
        (lambda: Status(503, methods=("GOT",)), "methods"),
        (lambda: Status(503, headers={"X": "a\r\nb"}), "headers"),
        (lambda: Delay("soon"), "no duration"),
        (lambda: Reset(path="("), "no regular expression"),
        (lambda: Reset(paths="/"), "paths"),
    ],
)
def test_rule_that_makes_no_sense_is_refused(make, told):
    with pytest.raises(ValueError, match=told):
        make()


async def test_client_itself_repeats_a_get_whose_kept_connection_was_reset(failing):
    target = await failing(Reset(skip=1, times=1))
    await target.search()

    answer = await target.search()

    assert answer.status == 200
    assert target.faults.counts == {"reset": 1}


async def test_post_on_a_kept_connection_is_never_repeated(failing):
    target = await failing(Reset(methods=("POST",), times=1))
    await target.search()

    with pytest.raises(NoAnswerError):
        await target.create()

    assert target.engagedly.employees() == []
