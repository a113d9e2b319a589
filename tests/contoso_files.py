"""A small Contoso in every form a tenant can have."""

from __future__ import annotations

import json
from pathlib import Path

ADA, GRACE = "0a0a0a0a-0000-0000-0000-000000000001", "0a0a0a0a-0000-0000-0000-000000000002"
SALES = "0b0b0b0b-0000-0000-0000-000000000001"

USERS = [
    {
        "id": ADA,
        "userPrincipalName": "ada@contoso.com",
        "mail": "ada@contoso.com",
        "mailNickname": "ada",
        "displayName": "Ada Lovelace",
        "givenName": "Ada",
        "surname": "Lovelace",
        "jobTitle": "Engineer",
        "accountEnabled": True,
        "businessPhones": ["+44 20 1"],
        "manager": {"id": GRACE},
    },
    {
        "id": GRACE,
        "userPrincipalName": "grace@contoso.com",
        "mail": "grace@contoso.com",
        "mailNickname": "grace",
        "displayName": "Grace Hopper",
        "givenName": "Grace",
        "surname": "Hopper",
        "accountEnabled": True,
    },
]
GROUPS = [{"id": SALES, "displayName": "Sales", "members": [{"id": ADA}]}]
ASSIGNMENTS = [{"principalId": SALES, "resourceDisplayName": "Engagedly"}]

YAML = f"""\
# Contoso's people
tenant: contoso.com
users:
  ada@contoso.com:
    id: {ADA}
    givenName: Ada  # the countess
    surname: Lovelace
    jobTitle: Engineer
    businessPhones: ["+44 20 1"]
    manager: grace@contoso.com
  grace@contoso.com: {{id: {GRACE}, givenName: Grace, surname: Hopper}}
groups:
  Sales: {{id: {SALES}, members: [ada@contoso.com]}}
assignments: [Sales]
"""

CSV_COLUMNS = (
    "id,userPrincipalName,mail,mailNickname,displayName,givenName,surname,jobTitle,"
    "accountEnabled,telephoneNumber,manager"
)
PHONE, BOSS = "+44 20 1", "grace@contoso.com"
CSV = f"""\
{CSV_COLUMNS}
{ADA},ada@contoso.com,ada@contoso.com,ada,Ada Lovelace,Ada,Lovelace,Engineer,True,{PHONE},{BOSS}
{GRACE},grace@contoso.com,grace@contoso.com,grace,Grace Hopper,Grace,Hopper,,True,,
"""


def write_json(folder: Path, **documents: object) -> None:
    for name, document in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(document, indent=2))


def write_tenant(folder: Path, form: str) -> None:
    if form == "yaml":
        (folder / "tenant.yaml").write_text(YAML)
        return
    write_json(folder, groups=GROUPS, appRoleAssignments=ASSIGNMENTS)
    match form:
        case "array":
            write_json(folder, users=USERS)
        case "value":
            write_json(folder, users={"@odata.context": "c", "value": USERS, "more": 1})
        case "jsonl":
            (folder / "users.jsonl").write_text("\n".join(json.dumps(u) for u in USERS))
        case "csv":
            (folder / "users.csv").write_text("\ufeff" + CSV)


FORMS = ["array", "value", "jsonl", "csv", "yaml"]
