"""Whoever folds what delta queries tell holds what the tenant holds."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import httpx
import pytest
from delta_client import Contoso, Follower
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PEOPLE, TEAMS = ["ada", "bob", "cy", "dan", "eve"], ["red", "green", "blue"]
person, team = st.sampled_from(PEOPLE), st.sampled_from(TEAMS)
title = st.sampled_from([None, "Engineer", "Director", "Größe", ""])
edit = st.one_of(
    st.tuples(st.sampled_from(["jobTitle", "city", "mail"]), person, title),
    st.tuples(st.just("manager"), person, st.none() | person),
    st.tuples(st.sampled_from(["delete", "restore", "purge", "hire"]), person, st.none()),
    st.tuples(st.sampled_from(["join", "leave"]), team, person),
    st.tuples(st.just("describe"), team, title),
    st.tuples(st.sampled_from(["found", "dissolve", "bin", "unbin"]), team, st.none()),
    st.tuples(st.just("restart"), st.none(), st.none()),
)
edits = st.lists(edit, max_size=12)
rounds = st.lists(st.tuples(edits, edits), min_size=2, max_size=4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rounds, st.integers(1, 4), st.booleans())
def test_client_that_folds_deltas_holds_what_the_tenant_holds(rounds, size, minimal):
    asyncio.run(_follow(rounds, size, minimal))


@pytest.mark.parametrize("minimal", [False, True])
async def test_members_of_a_large_group_come_over_several_pages(tmp_path, minimal):
    contoso = Contoso(tmp_path)
    everybody = [f"person-{n:04}" for n in range(2_500)]
    for known in everybody:
        contoso.hire(known)
    contoso.found("all", *everybody)
    contoso.found("empty")
    contoso.found("half", *everybody[:500])
    contoso.found("some", *everybody[:3])
    contoso.save()
    async with _client(contoso) as http:
        groups = _follower(http, "groups/delta", 100, minimal=minimal)
        await groups.follow()

        contoso.groups["all"]["members"] = contoso.groups["all"]["members"][1_200:]
        contoso.save()
        await groups.follow()

    contoso.history.close()
    assert groups.held == _groups(contoso)
    assert groups.pages == (3 + 1) + 2
    assert groups.told == (2_500 + 500 + 3) + 1_200


async def _follow(rounds, size, minimal):
    with tempfile.TemporaryDirectory() as folder:
        contoso = Contoso(Path(folder))
        for known in PEOPLE:
            contoso.hire(known, manager={"id": "ada"}, jobTitle="Clerk", city="Rome")
        for known in TEAMS:
            contoso.found(known, *PEOPLE[:4], description="A team")
        contoso.save()
        async with _client(contoso) as http:
            followers = [
                _follower(http, "users/delta?$select=jobTitle,city,manager", size, minimal=minimal),
                _follower(http, "groups/delta", size, minimal=minimal),
            ]
            for before, meanwhile in rounds:
                _apply(contoso, before)
                for follower in followers:
                    await follower.turn()
                _apply(contoso, meanwhile)
                await contoso.history.look()  # as if a third client began
                for follower in followers:
                    while not follower.done:
                        await follower.turn()
            for follower in followers:
                await follower.follow()
            assert followers[0].held == _users(contoso)
            assert followers[1].held == _groups(contoso)
        contoso.history.close()


def _follower(http, path, size, *, minimal):
    prefer = f"odata.maxpagesize={size}" + ", return=minimal" * minimal
    return Follower(http, f"http://127.0.0.1/v1.0/{path}", prefer)


def _client(contoso):
    async def app(scope, receive, send):
        await contoso.app(scope, receive, send)

    return httpx.AsyncClient(transport=httpx.ASGITransport(app))


def _apply(contoso, edits):
    for what, who, value in edits:
        _edit(contoso, what, who, value)
    contoso.save()


def _edit(contoso, what, who, value):
    if what == "restart":
        contoso.restart()
    elif who in PEOPLE:
        _edit_user(contoso, what, who, value)
    else:
        _edit_group(contoso, what, who, value)


def _edit_user(contoso, what, who, value):
    user = contoso.users.get(who)
    match what:
        case "jobTitle" | "city" | "mail" if user:
            user[what] = value
        case "manager" if user and (value is None or value in contoso.users):
            user["manager"] = value and {"id": value}
        case "delete" if user:
            user["deletedDateTime"] = "2026-01-05T08:00:00Z"
        case "restore" if user:
            user.pop("deletedDateTime", None)
        case "purge" if user:
            contoso.purge(who)
        case "hire" if not user:
            contoso.hire(who, jobTitle="Trainee")


def _edit_group(contoso, what, who, value):
    group = contoso.groups.get(who)
    match what:
        case "join" if group and value in contoso.users:
            group["members"].append({"id": value})
        case "leave" if group:
            group["members"] = [one for one in group["members"] if one["id"] != value]
        case "describe" if group:
            group["description"] = value
        case "found" if not group:
            contoso.found(who)
        case "dissolve" if group:
            del contoso.groups[who]
        case "bin" if group:
            group["deletedDateTime"] = "2026-01-05T08:00:00Z"
        case "unbin" if group:
            group.pop("deletedDateTime", None)


def _there(known, rows):
    return known in rows and not rows[known].get("deletedDateTime")


def _users(contoso):
    users = contoso.users
    return {
        known: {
            "members": set(),
            "manager": _manager(user, users),
            **{name: user[name] for name in ("jobTitle", "city") if user.get(name) is not None},
        }
        for known, user in users.items()
        if _there(known, users)
    }


def _manager(user, users):
    known = (user.get("manager") or {}).get("id")
    return known if _there(known, users) else None


def _groups(contoso):
    return {
        known: {
            "manager": None,
            "displayName": known,
            "members": {one["id"] for one in group["members"] if _there(one["id"], contoso.users)},
            **(
                {"description": group["description"]}
                if group.get("description") is not None
                else {}
            ),
        }
        for known, group in contoso.groups.items()
        if _there(known, contoso.groups)
    }
