"""The random life of a company, one happening at a time.

In a storm (see `benchmarks.soak.model`) only happens what ends in one state, whichever of its
readings reached the target: whoever was touched in it doesn't leave in it, and nothing of theirs
is cleared. A happening tells whether it could happen now.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.soak.company import Company
from benchmarks.soak.life import arrivals, changes, departures, groups, returns

TEAM = 25  # people in one of the groups that the company begins with

ODDS: dict[Callable[[Company], bool], int] = {
    arrivals.hire: 20,
    arrivals.hire_ahead: 2,
    arrivals.hire_outside: 2,
    arrivals.hire_without_mail: 2,
    arrivals.rehire: 4,
    changes.move: 12,
    changes.rename: 8,
    changes.hand_on: 3,
    changes.new_manager: 6,
    changes.no_manager: 3,
    changes.clear: 4,
    changes.give_mail: 3,
    departures.unassign: 4,
    departures.disable: 4,
    departures.delete: 4,
    departures.purge: 3,
    departures.purge_at_once: 2,
    departures.purge_unassigned: 2,
    returns.reassign: 4,
    returns.enable: 5,
    returns.restore: 4,
    groups.form_group: 2,
    groups.join_group: 5,
    groups.leave_group: 4,
    groups.rename_group: 2,
    groups.assign_group: 8,
    groups.unassign_group: 3,
    groups.delete_group: 2,
}
"""What can happen, and how likely each is."""


def found(company: Company) -> None:
    """The company begins: most people in groups, the others assigned themselves."""
    for _ in range(company.size):
        arrivals.hire(company)
    people = list(company.tenant.people)[: company.size * 4 // 5]
    for start in range(0, len(people), TEAM):
        company.form(people[start : start + TEAM], assigned=True)
    company.tenant.assigned.difference_update(people)


def happen(company: Company) -> None:
    """Let one thing happen, whatever can."""
    kinds, odds = list(ODDS), list(ODDS.values())
    while not company.chance.choices(kinds, odds)[0](company):
        pass
