"""Who changes."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.soak.company import Company
from benchmarks.soak.tenant import Person


def move(company: Company) -> bool:
    """Somebody gets another title, department, city or telephone."""
    person = company.one(lambda p: company.may_change(p.id))
    if person is None:
        return False
    new = company.newcomer()
    fields = company.chance.sample(("title", "department", "city", "mobile"), 2)
    company.change(replace(person, **{name: getattr(new, name) for name in fields}))
    return company.tell(person.id, "move", ", ".join(fields))


def rename(company: Company) -> bool:
    """Somebody gets another surname, sign-in name and mail address."""
    able = _renameable(company)
    return bool(able) and _rename(company, company.chance.choice(able))


def rename_newcomers(company: Company) -> None:
    """Everybody is renamed whose create may have got through without an answer."""
    linked = company.linked()
    for person in [p for p in _renameable(company) if p.id not in linked]:
        _rename(company, person)


def _renameable(company: Company) -> list[Person]:
    return company.people(
        lambda p: (
            p.mail is not None
            and p.id not in company.superseded
            and company.may_change(p.id)
            and company.is_sure(p.id)
        )
    )


def _rename(company: Company, person: Person) -> bool:
    new = company.newcomer()
    company.change(replace(person, upn=new.upn, mail=new.mail, surname=new.surname))
    return company.tell(person.id, "rename", f"{person.mail} to {new.mail}")


def hand_on(company: Company) -> bool:
    """Somebody gives their mail address up, and somebody else gets it."""
    there = company.linked() & company.effective() - company.superseded
    able = company.people(lambda p: p.id in there and company.may_leave(p.id))
    if not able[1:]:
        return False
    giver, taker = company.chance.sample(able, 2)
    company.change(replace(giver, mail=company.newcomer().mail))
    company.change(replace(taker, mail=giver.mail))
    company.pin(giver.id)
    company.tell(taker.id, "take a mail", f"{giver.mail} of {giver.id}", counted=False)
    return company.tell(giver.id, "hand on", f"{giver.mail} to {taker.id}")


def give_mail(company: Company) -> bool:
    """Somebody who had no mail address gets one."""
    person = company.one(lambda p: p.mail is None)
    if person is None:
        return False
    company.change(replace(person, mail=company.newcomer().mail))
    return company.tell(person.id, "give mail")


def new_manager(company: Company) -> bool:
    """Somebody gets another manager."""
    person = company.one(lambda p: company.may_change(p.id))
    if person is None:
        return False
    boss = company.boss()
    if boss in {None, person.id, person.manager}:
        return False
    company.change(replace(person, manager=boss))
    return company.tell(person.id, "new manager", f"{boss}")


def no_manager(company: Company) -> bool:
    """Somebody has no manager any more."""
    person = company.one(lambda p: p.manager is not None and company.may_leave(p.id))
    if person is None:
        return False
    company.change(replace(person, manager=None))
    return company.tell(person.id, "no manager")


def clear(company: Company) -> bool:
    """An attribute is emptied, of which the target never learns."""
    linked = company.linked()
    person = company.one(lambda p: p.id in linked and company.may_leave(p.id))
    if person is None:
        return False
    emptied = company.chance.choice(
        (replace(person, title=None), replace(person, city=None), replace(person, mobile=None))
    )
    company.change(emptied)
    return company.tell(person.id, "clear")
