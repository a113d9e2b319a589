"""Who leaves."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.soak.company import Company


def unassign(company: Company) -> bool:
    """Somebody's own assignment is taken back."""
    own = company.tenant.assigned
    person = company.one(lambda p: p.id in own and company.may_leave(p.id))
    if person is None:
        return False
    own.discard(person.id)
    return company.tell(person.id, "unassign")


def disable(company: Company) -> bool:
    """Somebody's account is blocked."""
    person = company.one(lambda p: p.enabled and company.may_leave(p.id))
    if person is None:
        return False
    company.change(replace(person, enabled=False))
    return company.tell(person.id, "disable")


def delete(company: Company) -> bool:
    """Somebody goes to the recycle bin."""
    person = company.one(lambda p: company.may_leave(p.id))
    if person is None:
        return False
    company.change(replace(person, deleted_at=company.now))
    return company.tell(person.id, "delete")


def purge(company: Company) -> bool:
    """Somebody in the recycle bin is gone for good."""
    person = company.one(lambda p: company.may_be_purged(p.id), deleted=True)
    return person is not None and company.purge(person, "purge")


def purge_at_once(company: Company) -> bool:
    """Somebody who is there is gone for good, from one reading to the next."""
    there = company.linked() & company.effective()
    person = company.one(lambda p: p.id in there and company.may_leave(p.id))
    return person is not None and company.purge(person, "purge at once")


def purge_unassigned(company: Company) -> bool:
    """Somebody who had lost their assignment before is gone for good."""
    without = company.linked() - company.entitled() - company.rules.staged
    person = company.one(lambda p: p.id in without and company.may_leave(p.id))
    return person is not None and company.purge(person, "purge unassigned")


def leave_in_a_mass(company: Company, more_than: int) -> tuple[str, ...]:
    """Whole groups lose their assignment, more people at once than may leave; gives the groups.

    In a storm nobody among them has a blocked account: theirs would be nobody's business at
    once, and it would hang on the moment whether the group gets them back.
    """
    before, chosen = company.effective(), list[str]()
    people, assigned = company.tenant.people, company.tenant.assigned
    while len(before - company.effective()) <= more_than:
        group = company.group(
            lambda g: (
                g.id in assigned
                and company.may_leave(g.id)
                and all(company.may_leave(m) and people[m].enabled for m in g.members)
            )
        )
        if group is None:
            assigned.update(chosen)
            return ()
        assigned.discard(group.id)
        chosen.append(group.id)
    for known in chosen:
        for member in company.tenant.groups[known].members:
            company.pin(member)
        company.tell_all(company.tenant.groups[known], "group of a mass leave")
    return tuple(chosen)
