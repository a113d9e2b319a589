"""Who returns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from benchmarks.soak.company import Company


def reassign(company: Company) -> bool:
    """Somebody who has no access is assigned."""
    entitled = company.entitled()
    person = company.one(lambda p: p.id not in entitled and company.may_return(p))
    if person is None:
        return False
    company.arrive(person)
    company.tenant.assigned.add(person.id)
    return company.tell(person.id, "reassign")


def enable(company: Company) -> bool:
    """Somebody's account is unblocked."""
    person = company.one(lambda p: not p.enabled and company.may_return(p))
    if person is None:
        return False
    company.arrive(person)
    company.change(replace(person, enabled=True))
    return company.tell(person.id, "enable")


def restore(company: Company) -> bool:
    """Somebody is taken out of the recycle bin, while they are in it."""
    person = company.one(company.may_return, deleted=True)
    if person is None or company.is_expired(person):
        return False
    company.arrive(person)
    company.change(replace(person, deleted_at=None))
    return company.tell(person.id, "restore")


def return_in_a_mass(company: Company, groups: Iterable[str]) -> None:
    """Groups get their assignment back."""
    for known in groups:
        if group := company.tenant.groups.get(known):
            company.tenant.assigned.add(known)
            company.tell_all(group, "group of a mass return")
