"""How the next cycle begins, and the reason that people are told."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from entrasim.config import load_schema
from entrasim.config.schema_json import read_schema
from entrasim.model.cycle import CycleKind
from entrasim.model.job import Fidelity, RestartScope, Scope


def edited(change):
    """The built-in schema with a change in its mapping of users."""
    document = copy.deepcopy(load_schema("engagedly", Path()).document)
    change(document["synchronizationRules"][0]["objectMappings"][0], document)
    return read_schema(document, origin="mine.json").schema


def begun(execution):
    return execution.cycle.kind, execution.cycle.reason


async def test_first_cycle_says_that_it_is_the_first_and_the_second_is_incremental(story):
    story.employ("ada")

    first, second = await story.cycle(), await story.cycle()

    assert begun(first) == (CycleKind.INITIAL, "it is the first cycle")
    assert begun(second) == (CycleKind.INCREMENTAL, "")


async def test_changed_mapping_makes_an_initial_cycle_that_says_so_and_sends_it(story):
    story.employ("ada", jobTitle="Countess", department="Engines")
    await story.cycle()

    row = {"type": "Attribute", "name": "department"}
    story.configure(
        schema=edited(lambda users, _: users["attributeMappings"][3].update(source=row))
    )
    planned, _ = await story.plan()
    execution = await story.cycle()

    why = "the mappings or filters changed since the last cycle"
    assert begun(planned) == begun(execution) == (CycleKind.INITIAL, why)
    [(_, changes)] = story.target.changes
    assert [(c.attribute, c.after) for c in changes] == [("title", "Engines")]


@pytest.mark.parametrize(
    "change",
    [
        lambda users, _: users.update(name="Users of Contoso", metadata=[{"key": "x"}]),
        lambda users, _: users["attributeMappings"].reverse(),
        lambda _, document: document.update(version="another", id="another"),
    ],
)
async def test_change_that_sends_nothing_leaves_the_next_cycle_incremental(story, change):
    story.employ("ada")
    await story.cycle()

    story.configure(schema=edited(change))
    execution = await story.cycle()

    assert begun(execution) == (CycleKind.INCREMENTAL, "")


async def test_restart_changed_scope_and_request_are_reasons_of_their_own(story):
    story.configure(fidelity=Fidelity.PRACTICAL)
    story.employ("ada")
    await story.cycle()

    asked = await story.cycle(full=True)
    await story.restart(RestartScope.WATERMARK)
    restarted = await story.cycle()
    story.configure(scope=Scope.ALL)
    rescoped = await story.cycle()

    assert asked.cycle.reason == "it was asked for"
    assert restarted.cycle.reason == "the job was restarted, or no cycle came through yet"
    assert rescoped.cycle.reason == 'the scope changed from "assigned" to "all"'
