"""A short soak, and the faults that it must find in an engine that has them."""

from __future__ import annotations

import pytest

from benchmarks.soak.mutations import MUTATIONS, try_out
from benchmarks.soak.plan import Plan
from benchmarks.soak.report import table
from benchmarks.soak.soak import soak

pytestmark = pytest.mark.timeout(300)  # what it takes on a machine that has much to do


async def test_target_equals_the_rules_after_faults_and_kills(tmp_path):
    plan = Plan(seed=1, days=14, people=40, kills=3)

    report = await soak(plan, tmp_path, least=0)

    assert report.good, table(report)
    assert report.kills == plan.kills
    assert report.comparisons > 10


async def test_kind_of_thing_that_never_happened_is_told(tmp_path):
    plan = Plan(seed=2, days=1, people=10, kills=0)

    report = await soak(plan, tmp_path, least=1)

    assert not report.good
    assert "outage: 0 times, not 1" in report.missing
    assert not any(line.startswith("hire:") for line in report.missing)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.name)
def test_mutation_can_still_be_planted(mutation, tmp_path):
    mutation.plant(tmp_path)

    text = (tmp_path / "entrasim" / "engine" / mutation.module).read_text(encoding="utf-8")
    compile(text, mutation.module, "exec")
    assert all(old not in text for old, _ in mutation.patches)


def test_disable_that_is_never_sent_is_found():
    (mutation,) = [m for m in MUTATIONS if m.name == "no disable"]

    report = try_out(mutation, Plan(seed=1, days=3, people=20, kills=0))

    assert {"active": (False, True)} in [one.attributes for one in report.differing]
