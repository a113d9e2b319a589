"""Who comes."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.soak.company import Company
from benchmarks.soak.tenant import Person

GROWTH = 1.1  # as far as the company grows


def hire(company: Company) -> bool:
    """Somebody joins, while the company is short of people."""
    if len(company.effective()) > company.size * GROWTH:
        return False
    company.hired(company.join(company.newcomer(), "hire", assigned=True))
    return True


def hire_ahead(company: Company) -> bool:
    """Somebody is entered before their first day, with a blocked account."""
    person = company.join(company.newcomer(), "hire ahead", assigned=True)
    company.change(replace(person, enabled=False))
    return True


def hire_outside(company: Company) -> bool:
    """Somebody joins who has no part in the application."""
    company.join(company.newcomer(), "hire outside", assigned=False)
    return True


def hire_without_mail(company: Company) -> bool:
    """Somebody joins without a mail address, by which they would be recognised."""
    person = replace(company.newcomer(), mail=None)
    company.unsure.add(person.id)
    company.join(person, "hire without mail", assigned=True)
    return True


def rehire(company: Company) -> bool:
    """Somebody comes back under a new object id, with the mail address they had."""
    before = _former(company)
    if before is None:
        return False
    person = replace(company.newcomer(), mail=before.mail, given_name=before.given_name)
    company.unsure.add(person.id)  # refused as long as the other lies in the recycle bin
    company.join(person, "rehire", assigned=True)
    company.superseded.add(before.id)
    company.tell(before.id, "superseded", person.id, counted=False)
    for group in [g for g in company.tenant.groups.values() if before.id in g.members]:
        if group.id not in company.tenant.assigned:
            company.tenant.set_members(group.id, (m for m in group.members if m != before.id))
    return True


def _former(company: Company) -> Person | None:
    """Somebody whose record nobody needs any more, or on calm days will need one day."""
    entitled = company.entitled()
    entitled |= company.rules.staged
    left = company.people(lambda p: p.id not in entitled)
    if not company.stormy:
        left += company.people(lambda p: p.id in company.linked(), deleted=True)
    able = [
        person
        for person in (*company.alumni, *left)
        if person.mail and person.id not in company.superseded and company.may_leave(person.id)
    ]
    return company.chance.choice(able) if able else None
