"""Mapping alone: users a second, and the slowest functions of the expression language.

    python -m benchmarks.mapping [--seconds S] [--json]

The default mapping of Engagedly is evaluated in turns with a Python function, written by
hand, that gives the same values; the ratio is what counts. Then every function is tried on
one expression, and the ten slowest are shown with their ratio to reading an attribute.
What counts is the processor's time, the least of several rounds, so that the numbers mean
the same on a machine that has other things to do.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from entrasim.config import load_schema
from entrasim.engine.compiled import compile_schema
from entrasim.engine.expressions import Surroundings, compile_expression
from entrasim.engine.expressions.functions import FUNCTIONS
from entrasim.engine.steps.mapping import map_values
from entrasim.model.entry import Anchor, Entry, ObjectType, Value
from entrasim.model.schema import Values

ROUNDS, SLOWEST = 5, 10
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:"
SURROUNDINGS = Surroundings(
    now=lambda: datetime(2026, 1, 5, 8, tzinfo=UTC),
    chance=Random(1),  # noqa: S311 - nobody's secret
    default_domain="contoso.com",
)
ADA = Entry(
    anchor=Anchor(ObjectType.USER, "6b2f"),
    properties={
        "objectId": "6b2f",
        "userPrincipalName": "ada@contoso.com",
        "mail": "ada@contoso.com",
        "displayName": "Ada Lovelace",
        "givenName": "Ada",
        "surname": "Lovelace",
        "jobTitle": "Engineer",
        "department": "Engineering",
        "employeeId": "1815",
        "city": "London",
        "state": "England",
        "country": "GB",
        "postalCode": "N1",
        "streetAddress": "12 St James's Square",
        "preferredLanguage": "en-GB",
        "telephoneNumber": "+44 20 1815",
        "mobile": "+44 77 1815",
        "accountEnabled": True,
    },
)
ATTRIBUTES: Mapping[str, Value] = {
    **ADA.properties,
    "all": tuple(f"SMTP:person{n}@contoso.com" for n in range(20)),
    "flags": "65535",
    "hired": "2024-02-29T08:30:00Z",
    "appRoleAssignments": ('{"id":"1","value":"Admin","displayName":"Admin"}',),
    "name": "Zoë Øster-Åkesson",
}
EXAMPLES = {
    "Append": 'Append([mailNickname], "@contoso.com")',
    "AppRoleAssignments": "AppRoleAssignments([appRoleAssignments])",
    "AppRoleAssignmentsComplex": "AppRoleAssignmentsComplex([appRoleAssignments])",
    "AssertiveAppRoleAssignmentsComplex": (
        "AssertiveAppRoleAssignmentsComplex([appRoleAssignments])"
    ),
    "BitAnd": "BitAnd(&HF, [flags])",
    "CBool": 'CBool([city]="London")',
    "CDate": "CDate([hired])",
    "CStr": "CStr([flags])",
    "Coalesce": "Coalesce([nothing], [mail])",
    "ConvertToBase64": "ConvertToBase64([displayName])",
    "ConvertToUTF8Hex": "ConvertToUTF8Hex([displayName])",
    "Count": "Count([all])",
    "DateAdd": 'DateAdd("m", 10, CDate("2012-03-16"))',
    "DateDiff": 'DateDiff("d", CDate("2021-08-18"), CDate("2021-08-28"))',
    "DateFromNum": "DateFromNum(129699324000000000)",
    "DefaultDomain": "DefaultDomain()",
    "FormatDateTime": 'FormatDateTime([hired], , "yyyy-MM-ddTHH:mm:ssZ", "yyyyMMddHHmmss.fZ")',
    "Guid": "Guid()",
    "IIF": 'IIF([city]="London", [mail], [userPrincipalName])',
    "IgnoreFlowIfNullOrEmpty": "IgnoreFlowIfNullOrEmpty([nothing])",
    "InStr": 'InStr([mail], "@", 1, vbTextCompare)',
    "IsNothing": "IsNothing([mail])",
    "IsNull": "IsNull([mail])",
    "IsNullOrEmpty": "IsNullOrEmpty([mail])",
    "IsPresent": "IsPresent([mail])",
    "IsString": "IsString([mail])",
    "Item": "Item([all], 7)",
    "Join": 'Join(";", [all])',
    "Left": "Left([displayName], 3)",
    "Mid": "Mid([displayName], 2, 5)",
    "NormalizeDiacritics": "NormalizeDiacritics([name])",
    "Not": "Not([accountEnabled])",
    "Now": "Now()",
    "NumFromDate": "NumFromDate([hired])",
    "PCase": 'PCase([displayName], " ")',
    "Prepend": 'Prepend([mail], "x-")',
    "RandomString": 'RandomString(16, 4, 4, 4, 4, "0Oo")',
    "Redact": "Redact([employeeId])",
    "RemoveDuplicates": "RemoveDuplicates([all])",
    "Replace": 'Replace([mail], , "(?<user>[a-z]+)@(?<domain>.+)", , "${user} at ${domain}", , )',
    "SelectUniqueValue": 'SelectUniqueValue([mail], Join(".", [givenName], [surname]))',
    "SingleAppRoleAssignment": "SingleAppRoleAssignment([appRoleAssignments])",
    "Split": 'Split([displayName], " ")',
    "StripSpaces": "StripSpaces([displayName])",
    "Switch": 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    "ToLower": 'ToLower([displayName], "tr-TR")',
    "ToUpper": 'ToUpper([displayName], "tr-TR")',
    "Word": 'Word([displayName], 2, " ")',
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=0.2, help="for each side and round")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if missing := FUNCTIONS.keys() ^ EXAMPLES.keys():
        raise SystemExit(f"no example of {', '.join(sorted(missing))}")
    whole, slow = whole_mapping(options.seconds), slowest(options.seconds / 50)
    print(json.dumps({**whole, "slowest": slow}) if options.json else table(whole, slow))


def whole_mapping(seconds: float) -> dict[str, float]:
    """The default mapping against the function written by hand, in turns."""
    flows = compile_schema(load_schema("engagedly", Path()).schema)[ObjectType.USER].flows

    def mapped() -> object:
        return map_values(flows, ADA, soft_deleted=False)

    if mapped() != by_hand(ADA.properties):
        raise SystemExit("the two sides give different values; nothing was measured")
    turns = [
        (cost(mapped, seconds), cost(lambda: by_hand(ADA.properties), seconds))
        for _ in range(ROUNDS)
    ]
    ours, bare = min(turn[0] for turn in turns), min(turn[1] for turn in turns)
    return {
        "attributes": len(by_hand(ADA.properties)),
        "microsecondsPerUser": round(ours * 1e6, 1),
        "usersPerSecond": round(1 / ours),
        "byHandMicroseconds": round(bare * 1e6, 1),
        "ratio": round(ours / bare, 1),
    }


def by_hand(of: Mapping[str, Value]) -> Values:
    """What the default mapping gives, as one would write it in Python."""
    values: dict[str, Value] = {
        "userName": of.get("mail"),
        "active": True,
        "displayName": of.get("displayName"),
        "title": of.get("jobTitle"),
        'emails[type eq "work"].value': of.get("mail"),
        "preferredLanguage": of.get("preferredLanguage"),
        "name.givenName": of.get("givenName"),
        "name.familyName": of.get("surname"),
        "name.formatted": f"{of.get('givenName')} {of.get('surname')}",
        'addresses[type eq "work"].formatted': of.get("physicalDeliveryOfficeName"),
        'addresses[type eq "work"].streetAddress': of.get("streetAddress"),
        'addresses[type eq "work"].locality': of.get("city"),
        'addresses[type eq "work"].region': of.get("state"),
        'addresses[type eq "work"].postalCode': of.get("postalCode"),
        'addresses[type eq "work"].country': of.get("country"),
        'phoneNumbers[type eq "work"].value': of.get("telephoneNumber"),
        'phoneNumbers[type eq "mobile"].value': of.get("mobile"),
        'phoneNumbers[type eq "fax"].value': of.get("facsimileTelephoneNumber"),
        "externalId": of.get("objectId"),
        f"{ENTERPRISE}employeeNumber": of.get("employeeId"),
        f"{ENTERPRISE}department": of.get("department"),
    }
    return {name: value for name, value in values.items() if value is not None}


def slowest(seconds: float) -> list[dict[str, object]]:
    """The functions that cost most, each with its ratio to reading an attribute."""
    read = compile_expression("[mail]", SURROUNDINGS)
    floor = min(cost(lambda: read(ATTRIBUTES), seconds) for _ in range(ROUNDS))
    costs = {name: function_cost(text, seconds) for name, text in EXAMPLES.items()}
    ranked = sorted(costs, key=costs.__getitem__, reverse=True)[:SLOWEST]
    return [
        {
            "expression": EXAMPLES[name],
            "evaluationsPerSecond": round(1 / costs[name]),
            "microseconds": round(costs[name] * 1e6, 1),
            "ratio": round(costs[name] / floor),
        }
        for name in ranked
    ]


def function_cost(text: str, seconds: float) -> float:
    """Seconds for one evaluation of an expression."""
    evaluate = compile_expression(text, SURROUNDINGS)
    return min(cost(lambda: evaluate(ATTRIBUTES), seconds) for _ in range(ROUNDS))


def cost(work: Callable[[], object], seconds: float) -> float:
    """Seconds of the processor for one call, over about so many seconds of calls."""
    count, spent = 1, 0.0
    while spent < seconds:
        count *= 2
        began = time.process_time()
        for _ in range(count):
            work()
        spent = time.process_time() - began
    return spent / count


def table(whole: Mapping[str, float], slow: Iterable[Mapping[str, object]]) -> str:
    """The measurements for people."""
    lines = (
        "  {microseconds:>8} µs  {ratio:>5} x  {evaluationsPerSecond:>9,}/s  {expression}".format(
            **one
        )
        for one in slow
    )
    return (
        """\
Default mapping of Engagedly, {attributes} attributes
  compiled  {microsecondsPerUser:>8} µs a user, {usersPerSecond:,} users/s
  by hand   {byHandMicroseconds:>8} µs a user; ratio {ratio}
The ten slowest functions, with the ratio to reading an attribute
""".format(**whole)
        + "\n".join(lines)
    )


if __name__ == "__main__":
    main()
