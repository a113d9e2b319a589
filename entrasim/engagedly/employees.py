"""Employees as Engagedly's public REST API shows them (github.com/engagedly/api-docs)."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlmodel import select

from entrasim.engagedly.documents import Json, member
from entrasim.engagedly.people import ENTERPRISE_USER, work_mail
from entrasim.engagedly.storage import Storage
from entrasim.engagedly.tables import OLDEST_FIRST, PersonRow


def employees(storage: Storage, email: str | None = None) -> list[Json]:
    """All employees, the blocked ones too, oldest first; or those with a mail address.

    `primary_reporter` is the manager's mail address.
    """
    with storage.session() as session:
        query = select(PersonRow).order_by(OLDEST_FIRST)
        rows = session.exec(query).all()
    documents = {row.id: msgspec.json.decode(row.document) for row in rows}
    mails = {known: str(work_mail(document)) for known, document in documents.items()}
    return [
        _employee(known, document, mails)
        for known, document in documents.items()
        if email is None or mails[known].casefold() == email.casefold()
    ]


def _employee(known: str, document: Json, mails: dict[str, str]) -> Json:
    name, extension = member(document, "name"), member(document, ENTERPRISE_USER)
    manager, department = member(extension, "manager"), member(extension, "department")
    manager_id = member(manager, "value") if isinstance(manager, dict) else manager
    return {
        "id": known,
        "first_name": member(name, "givenName"),
        "middle_name": member(name, "middleName"),
        "last_name": member(name, "familyName"),
        "email": mails[known],
        "employee_id": member(extension, "employeeNumber"),
        "status": "Active" if member(document, "active") is True else "Blocked",
        "job_title": member(document, "title"),
        "location": _work_place(document),
        "departments": [department] if department else [],
        "primary_reporter": mails.get(str(manager_id), manager_id),
    }


def _work_place(document: Json) -> Any:  # noqa: ANN401 - any JSON
    addresses = member(document, "addresses")
    for address in addresses if isinstance(addresses, list) else ():
        if str(member(address, "type")).casefold() == "work":
            return member(address, "locality")
    return None
