"""One small tenant in every form that a fixture directory reads."""

from __future__ import annotations

import json
from pathlib import Path

ADA, GRACE, JOHN = (f"0a0a0a0a-0000-0000-0000-00000000000{n}" for n in (1, 2, 3))
SALES = "0b0b0b0b-0000-0000-0000-000000000001"
ROLE = "0c0c0c0c-0000-0000-0000-000000000001"

ADA_AS_JSON = {
    "id": ADA,
    "userPrincipalName": "ada@contoso.com",
    "displayName": "Ada Lovelace",
    "givenName": "Ada",
    "surname": "Lovelace",
    "mail": "ada@contoso.com",
    "mailNickname": "ada",
    "accountEnabled": True,
    "businessPhones": ["+44 20 1"],
    "officeLocation": "London",
    "manager": {"id": GRACE},
}
GRACE_AS_JSON = {
    "id": GRACE,
    "userPrincipalName": "grace@contoso.com",
    "displayName": "Grace Hopper",
    "givenName": "Grace",
    "surname": "Hopper",
    "mail": "hopper@contoso.com",
    "mailNickname": "grace",
    "accountEnabled": False,
}
JOHN_AS_JSON = {
    "id": JOHN,
    "userPrincipalName": "john@contoso.com",
    "displayName": "john@contoso.com",
    "mail": "john@contoso.com",
    "mailNickname": "john",
    "accountEnabled": True,
    "deletedDateTime": "2026-01-02T03:04:05Z",
}
USERS = [ADA_AS_JSON, GRACE_AS_JSON, JOHN_AS_JSON]
GROUPS = [{"id": SALES, "displayName": "Sales", "members": [{"id": ADA}, {"id": JOHN}]}]
APPLICATIONS = [{"id": "sp-1", "appId": "app-1", "displayName": "Engagedly"}, {"id": "sp-2"}]
ASSIGNMENTS = [
    {"id": "one", "principalId": SALES, "resourceId": "sp-1"},
    {"id": "two", "principalId": GRACE, "resourceId": "sp-1", "appRoleId": ROLE},
    {"id": "other", "principalId": ADA, "resourceId": "sp-2"},
]

YAML = f"""\
tenant: contoso.com
users:
  ada@contoso.com:
    id: {ADA}
    givenName: Ada
    surname: Lovelace
    telephoneNumber: +44 20 1
    officeLocation: London
    manager: Grace Hopper
  grace@contoso.com: {{id: {GRACE}, givenName: Grace, surname: Hopper, mail: hopper@contoso.com,
    accountEnabled: false}}
  john@contoso.com: {{id: {JOHN}, displayName: john@contoso.com, givenName: null, surname: null,
    deletedDateTime: 2026-01-02T03:04:05Z}}
groups:
  Sales: {{id: {SALES}, members: [ada@contoso.com, john@contoso.com]}}
applications: [Engagedly, Another]
assignments:
  - {{id: one, principal: Sales}}
  - {{id: two, principal: hopper@contoso.com, appRole: {ROLE}, application: Engagedly}}
  - {{id: other, principal: ada@contoso.com, application: Another}}
"""

CSV = f"""\
userPrincipalName,displayName,surname,mail,givenName,id,accountEnabled,officeLocation,\
telephoneNumber,mailNickname,manager,deletedDateTime
ada@contoso.com,Ada Lovelace,Lovelace,ada@contoso.com,Ada,{ADA},True,London,+44 20 1,ada,{GRACE},
grace@contoso.com,Grace Hopper,Hopper,hopper@contoso.com,Grace,{GRACE},False,,,grace,,
john@contoso.com,john@contoso.com,,john@contoso.com,,{JOHN},True,,,john,,2026-01-02T03:04:05Z
"""

FORMS = ("array", "value", "jsonl", "yaml", "csv")


def write_tenant(folder: Path, form: str) -> None:
    """Write the tenant; all but the short form share the files that aren't users."""
    if form == "yaml":
        (folder / "tenant.yaml").write_text(YAML)
        return
    objects = {
        "groups": GROUPS,
        "applications": APPLICATIONS,
        "appRoleAssignments": ASSIGNMENTS,
        **({} if form == "csv" else {"users": USERS}),
    }
    for name, rows in objects.items():
        suffix = "jsonl" if form == "jsonl" else "json"
        (folder / f"{name}.{suffix}").write_text(_written(rows, form))
    if form == "csv":
        (folder / "users_2026-1-5.csv").write_text("\ufeff" + CSV)


def _written(rows: list[dict[str, object]], form: str) -> str:
    match form:
        case "jsonl":
            return "".join(json.dumps(row) + "\n" for row in rows)
        case "value":
            return json.dumps({"@odata.context": "https://graph.microsoft.com", "value": rows})
        case _:
            return json.dumps(rows, indent=2)
