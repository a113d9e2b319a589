"""Groups are formed, assigned and deleted; people join and leave them."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.soak.company import Company
from benchmarks.soak.tenant import Group, Person

FEW, SMALL = 2, 6  # members of a group that happens by chance
ASSIGNED = 0.7  # the share of new groups that are assigned


def form_group(company: Company) -> bool:
    """A group is formed, and perhaps assigned."""
    able = company.people(lambda p: _may_join(company, p))
    if len(able) < SMALL or len(company.tenant.groups) > company.size // 10 + FEW:
        return False
    members = company.chance.sample(able, company.chance.randint(FEW, SMALL))
    for person in members:
        company.arrive(person)
    company.form([p.id for p in members], assigned=company.chance.random() < ASSIGNED)
    return True


def join_group(company: Company) -> bool:
    """Somebody joins a group."""
    group = company.group()
    person = company.one(lambda p: _may_join(company, p))
    if group is None or person is None or person.id in group.members:
        return False
    company.arrive(person)
    company.tenant.set_members(group.id, (*group.members, person.id))
    company.touch(group.id, "join group")
    return company.tell(person.id, "join group", group.id)


def leave_group(company: Company) -> bool:
    """Somebody leaves a group, and loses what it gave them."""
    group = company.group(lambda g: any(map(company.may_leave, g.members)))
    if group is None:
        return False
    member = company.chance.choice([m for m in group.members if company.may_leave(m)])
    company.tenant.set_members(group.id, (m for m in group.members if m != member))
    company.touch(group.id, "leave group")
    return company.tell(member, "leave group", group.id)


def rename_group(company: Company) -> bool:
    """A group gets another name."""
    group = company.group()
    if group is None:
        return False
    new = replace(group, name=f"Team {company.number()}")
    company.tenant.groups[group.id] = new
    return company.tell(group.id, "rename group", new.name)


def assign_group(company: Company) -> bool:
    """A group is assigned, and everybody in it."""
    group = company.group(
        lambda g: (
            g.id not in company.tenant.assigned
            and company.may_leave(g.id)
            and _may_begin(company, g)
        )
    )
    if group is None:
        return False
    for member in group.members:
        company.arrive(company.tenant.people[member])
    company.tenant.assigned.add(group.id)
    return company.tell_all(group, "assign group")


def unassign_group(company: Company) -> bool:
    """A small group's assignment is taken back."""
    group = company.group(lambda g: g.id in company.tenant.assigned and _may_end(company, g))
    if group is None:
        return False
    company.tenant.assigned.discard(group.id)
    return company.tell_all(group, "unassign group")


def delete_group(company: Company) -> bool:
    """A small group is deleted for good."""
    group = company.group(lambda g: _may_end(company, g))
    if group is None:
        return False
    company.tenant.purge(group.id)
    return company.tell_all(group, "delete group")


def _may_join(company: Company, person: Person) -> bool:
    return person.enabled and company.may_return(person) and company.is_sure(person.id)


def _may_begin(company: Company, group: Group) -> bool:
    """Whether everybody in a group may get access by it; in a storm all at once."""
    members = [company.tenant.people[member] for member in group.members]
    if company.stormy:
        return all(_may_join(company, m) and m.deleted_at is None for m in members)
    return all(company.may_return(m) and company.is_sure(m.id) for m in members)


def _may_end(company: Company, group: Group) -> bool:
    able = company.may_leave(group.id) and all(map(company.may_leave, group.members))
    return able and len(group.members) <= SMALL
