"""Every example with a fixed result of Microsoft's page on the functions, in its order.

Source: learn.microsoft.com/entra/identity/app-provisioning/
functions-for-customizing-application-data, as of 2024-08-06.
"""

from __future__ import annotations

import pytest
from speaking import value_of

from entrasim.engine.expressions import ExpressionError, compile_expression

HIRED = {"StatusHireDate": "2012-03-16-07:00"}
JOHN = {"PreferredFirstName": "John", "PreferredLastName": "Smith"}
PHONE = r"\\+(?<isdCode>\\d* )(?<phoneNumber>\\d{10})"
ACTIVE = """Switch([Active], ,
  "1", IIF(DateDiff("d", Now(), CDate([StatusHireDate])) > 5, "False", "True"),
  "0", "False")"""
PREFIX = (
    'IgnoreFlowIfNullOrEmpty(Switch([prefix], "", "3443", "Dr.", "3444", "Prof.", '
    '"3445", "Prof. Dr."))'
)
FIRST_MANAGER = (
    "Switch(IsPresent([directManager]),[directManager], IsPresent([skiplevelManager]),"
    "[skiplevelManager], IsPresent([director]),[director])"
)
LOWER_FLAG = 'Switch(ToLower([statusFlag]), "0", "true", "1", "false", "0")'
FLAG = 'Switch([statusFlag], "Default Value", "true", "1", "", "0")'
ZONE = (
    'Switch([state], "Australia/Sydney", "NSW", "Australia/Sydney","QLD", "Australia/Brisbane", '
    '"SA", "Australia/Adelaide")'
)
COMPANY = 'IIF([companyName] = "Company A", "A", IIF([companyName] = "Company B", "B", "External"))'
CONTRACT_END = (
    'NumFromDate(Join("", FormatDateTime([ContractEndDate], ,"yyyy-MM-ddzzz", "yyyy-MM-dd"), '
    '" 23:59:59-08:00"))'
)
END = (
    'NumFromDate(Join("",FormatDateTime([endDate], ,"M/d/yyyy hh:mm:ss tt","yyyy-MM-dd"),'
    '" 23:59:59-08:00"))'
)
UNIQUE = """SelectUniqueValue(
    Join("@", NormalizeDiacritics(StripSpaces(Join(".",  [PreferredFirstName],
        [PreferredLastName]))), "contoso.com"),
    Join("@", NormalizeDiacritics(StripSpaces(Join(".",  Mid([PreferredFirstName], 1, 1),
        [PreferredLastName]))), "contoso.com"),
    Join("@", NormalizeDiacritics(StripSpaces(Join(".",  Mid([PreferredFirstName], 1, 2),
        [PreferredLastName]))), "contoso.com")
)"""
LOWER_UPN = (
    'ToLower(Join("@", NormalizeDiacritics(StripSpaces(Join(".",  [PreferredFirstName], '
    '[PreferredLastName]))), "contoso.com"))'
)
AND = 'IIF([country]="USA",IIF([state]="CA","True","False"),"False")'
OR = 'IIF([country]="USA","True",IIF([state]="CA","True","False"))'
COUNTRY = 'IIF([country]="USA",[country],[department])'
NUMBER = 'Join("", 1000, Replace(ConvertToUTF8Hex([objectId]), , "[a-zA-Z_]*", , "", , ))'

EXAMPLES = [
    ("Syntax", {}, r'"Company name: \"Contoso\""', 'Company name: "Contoso"'),
    (
        "Append",
        {"userPrincipalName": "John.Doe@contoso.com"},
        'Append([userPrincipalName], ".test")',
        "John.Doe@contoso.com.test",
    ),
    # The page's words take &HF for 7; its result is right all the same.
    ("BitAnd", {}, "BitAnd(&HF, &HF7)", 7),
    ("CBool", {"attribute1": "a", "attribute2": "a"}, "CBool([attribute1] = [attribute2])", True),
    ("CBool", {"attribute1": "a", "attribute2": "b"}, "CBool([attribute1] = [attribute2])", False),
    (
        "CDate",
        {"StatusHireDate": "2020-03-16-07:00"},
        "CDate([StatusHireDate])",
        "3/16/2020 7:00:00 AM",
    ),
    ("CDate", {}, 'CDate("2021-06-30+08:00")', "6/29/2021 4:00:00 PM"),
    ("CDate", {}, 'CDate("2009-06-15T01:45:30-07:00")', "6/15/2009 8:45:30 AM"),
    (
        "Coalesce",
        {"mail": None, "userPrincipalName": "John.Doe@contoso.com"},
        "Coalesce([mail],[userPrincipalName])",
        "John.Doe@contoso.com",
    ),
    ("ConvertToBase64", {}, 'ConvertToBase64("Hello world!")', "SABlAGwAbABvACAAdwBvAHIAbABkACEA"),
    ("ConvertToUTF8Hex", {}, 'ConvertToUTF8Hex("Hello world!")', "48656C6C6F20776F726C6421"),
    ("CStr", {"dn": "cn=Joe,dc=contoso,dc=com"}, "CStr([dn])", "cn=Joe,dc=contoso,dc=com"),
    ("DateAdd", HIRED, 'DateAdd("d", 7, CDate([StatusHireDate]))', "3/23/2012 7:00:00 AM"),
    ("DateAdd", HIRED, 'DateAdd("d", -10, CDate([StatusHireDate]))', "3/6/2012 7:00:00 AM"),
    ("DateAdd", HIRED, 'DateAdd("ww", 2, CDate([StatusHireDate]))', "3/30/2012 7:00:00 AM"),
    ("DateAdd", HIRED, 'DateAdd("m", 10, CDate([StatusHireDate]))', "1/16/2013 7:00:00 AM"),
    ("DateAdd", HIRED, 'DateAdd("yyyy", 2, CDate([StatusHireDate]))', "3/16/2014 7:00:00 AM"),
    ("DateDiff", {}, 'DateDiff("d", CDate("2021-08-18+08:00"), CDate("2021-08-31+08:00"))', 13),
    ("DateDiff", HIRED, 'DateDiff("d", Now(), CDate([StatusHireDate]))', -3449),
    ("DateDiff", HIRED, 'DateDiff("ww", Now(), CDate([StatusHireDate]))', -493),
    ("DateDiff", HIRED, 'DateDiff("m", Now(), CDate([StatusHireDate]))', -113),
    ("DateDiff", HIRED, 'DateDiff("yyyy", Now(), CDate([StatusHireDate]))', -9),
    ("DateDiff", {}, 'DateDiff("d", CDate("2021-08-31+08:00"), CDate("2021-08-31+08:00"))', 0),
    ("DateDiff", {}, 'DateDiff("h", CDate("2021-08-24"), CDate("2021-08-25"))', 24),
    ("DateDiff", {}, 'DateDiff("n", CDate("2021-08-24"), CDate("2021-08-25"))', 1440),
    ("DateDiff", {}, 'DateDiff("s", CDate("2021-08-24"), CDate("2021-08-25"))', 86400),
    ("DateDiff in IIF", {"Active": "1", "StatusHireDate": "2021-08-31"}, ACTIVE, "True"),
    ("DateDiff in IIF", {"Active": "1", "StatusHireDate": "2021-09-01"}, ACTIVE, "False"),
    ("DateDiff in IIF", {"Active": "0", "StatusHireDate": "2021-08-31"}, ACTIVE, "False"),
    (
        "DateFromNum",
        {"lastLogonTimestamp": "129699324000000000"},
        "DateFromNum([lastLogonTimestamp])",
        "1/1/2012 11:00:00 PM",
    ),
    ("DateFromNum", {}, "DateFromNum(129699324000000000)", "1/1/2012 11:00:00 PM"),
    (
        "FormatDateTime",
        {"extensionAttribute1": "20150123105347.1Z"},
        'FormatDateTime([extensionAttribute1], , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")',
        "2015-01-23",
    ),
    ("IgnoreFlowIfNullOrEmpty", {}, "IgnoreFlowIfNullOrEmpty([department])", None),
    ("IgnoreFlowIfNullOrEmpty", {"department": ""}, "IgnoreFlowIfNullOrEmpty([department])", None),
    ("IgnoreFlowIfNullOrEmpty", {"prefix": "3444"}, PREFIX, "Prof."),
    ("IgnoreFlowIfNullOrEmpty", {"prefix": "3446"}, PREFIX, None),
    ("IIF", {"country": "USA", "department": "Sales"}, COUNTRY, "USA"),
    ("IIF", {"country": "France", "department": "Sales"}, COUNTRY, "Sales"),
    ("IIF and", {"country": "USA", "state": "CA"}, AND, "True"),
    ("IIF and", {"country": "USA", "state": "WA"}, AND, "False"),
    ("IIF and", {"country": "France", "state": "CA"}, AND, "False"),
    ("IIF or", {"country": "USA", "state": "WA"}, OR, "True"),
    ("IIF or", {"country": "France", "state": "CA"}, OR, "True"),
    ("IIF or", {"country": "France", "state": "WA"}, OR, "False"),
    ("IIF unsupported", {}, 'IIF([country]="","Other",[country])', None),
    ("IIF unsupported", {}, 'IIF(IsNullOrEmpty([country]),"Other",[country])', None),
    ("IIF unsupported", {}, 'IIF(IsPresent([country]),[country],"Other")', None),
    ("IIF workaround", {}, 'Switch([country],[country],"","Other")', "Other"),
    ("IIF workaround", {"country": "USA"}, 'Switch([country],[country],"","Other")', "USA"),
    ("InStr", {}, 'InStr("The quick brown fox","quick")', 5),
    ("InStr", {}, 'InStr("repEated","e",3,vbBinaryCompare)', 7),
    ("IsNull", {}, "IsNull([displayName])", True),
    ("IsNull", {"displayName": "Ada"}, "IsNull([displayName])", False),
    ("IsNullOrEmpty", {}, "IsNullOrEmpty([displayName])", True),
    ("IsNullOrEmpty", {"displayName": ""}, "IsNullOrEmpty([displayName])", True),
    ("IsPresent", {"directManager": "ada"}, FIRST_MANAGER, "ada"),
    ("Item", {"proxyAddresses": ("SMTP:a", "smtp:b")}, "Item([proxyAddresses], 1)", "SMTP:a"),
    ("Left", {}, 'Left("John Doe", 3)', "Joh"),
    ("NormalizeDiacritics", {"givenName": "Zoë"}, "NormalizeDiacritics([givenName])", "Zoe"),
    # The page asks for ISO 8601, and puts a blank where that has a T.
    ("NumFromDate", {"ContractEndDate": "2020-12-31-08:00"}, CONTRACT_END, 132_539_615_990_000_000),
    ("NumFromDate", {"endDate": "12/31/2020 12:00:00 AM"}, END, 132_539_615_990_000_000),
    (
        "PCase",
        {"firstName": "PABLO GONSALVES (SECOND)"},
        "PCase([firstName])",
        "Pablo Gonsalves (Second)",
    ),
    ("PCase", {"lastName": "PINTO-DE'SILVA"}, 'PCase([lastName]," \'-")', "Pinto-De'Silva"),
    (
        "PCase",
        {"firstName": "GREGORY", "lastName": "JAMES"},
        'PCase(Join(" ",[firstName],[lastName]))',
        "Gregory James",
    ),
    (
        "RemoveDuplicates",
        {"proxyAddresses": ("b", "a", "b")},
        "RemoveDuplicates([proxyAddresses])",
        ("b", "a"),
    ),
    (
        "Replace 1",
        {"BusinessTitle": "Product Developer"},
        'Replace([BusinessTitle],"Product Developer", , , "Software Engineer", , )',
        "Software Engineer",
    ),
    (
        "Replace 2",
        {"UserID": "jsmith"},
        'Replace([UserID],"<username>", , , , , "<username>@contoso.com")',
        "jsmith@contoso.com",
    ),
    (
        "Replace 3",
        {"telephoneNumber": "+91 9998887777"},
        f'Replace([telephoneNumber], , "{PHONE}", , "${{phoneNumber}}", , )',
        "9998887777",
    ),
    (
        "Replace 4",
        {"AddressLineData": "545 Tremont Street"},
        r'Replace([AddressLineData], ,"(?<streetNumber>^\\d*)","streetNumber", "888", , )',
        "888 Tremont Street",
    ),
    (
        "Replace 4",
        {"userPrincipalName": "jsmith@contoso.com"},
        'Replace([userPrincipalName], , "(?<Suffix>@(.)*)", "Suffix", "", , )',
        "jsmith",
    ),
    (
        "Replace 5",
        {"telephoneNumber": "", "mobile": "+91 8887779999"},
        f'Replace([telephoneNumber], , "{PHONE}", "phoneNumber" , , [mobile], )',
        "8887779999",
    ),
    (
        "Replace 6",
        {"mailNickname": "john_doe72"},
        'Replace([mailNickname], , "[a-zA-Z_]*", , "", , )',
        "72",
    ),
    (
        "SelectUniqueValue",
        JOHN,
        UNIQUE,
        ("John.Smith@contoso.com", "J.Smith@contoso.com", "Jo.Smith@contoso.com"),
    ),
    (
        "Split",
        {"extensionAttribute5": "PermissionSetOne, PermissionSetTwo"},
        'Split([extensionAttribute5], ",")',
        ("PermissionSetOne", "PermissionSetTwo"),
    ),
    ("Switch", {"statusFlag": "True"}, LOWER_FLAG, "1"),
    ("Switch", {"statusFlag": "TRUE"}, LOWER_FLAG, "1"),
    ("Switch", {"statusFlag": ""}, FLAG, "0"),
    ("Switch", {}, FLAG, "0"),
    ("Switch", {"companyName": "Company A"}, COMPANY, "A"),
    ("Switch", {"companyName": "Company B"}, COMPANY, "B"),
    ("Switch", {"companyName": "Contoso"}, COMPANY, "External"),
    ("Switch", {"state": "QLD"}, ZONE, "Australia/Brisbane"),
    ("ToLower", JOHN, LOWER_UPN, "john.smith@contoso.com"),
    ("Word", {}, 'Word("The quick brown fox",3," ")', "brown"),
    ("Word", {}, 'Word("This,string!has&many separators",3,",!&#")', "has"),
    (
        "Strip domain",
        {"mail": "john.doe@contoso.com"},
        'Replace([mail], "@contoso.com", , ,"", ,)',
        "john.doe",
    ),
    (
        "Alias",
        {"givenName": "John", "surname": "Doe"},
        "Append(Mid([givenName], 1, 3), Mid([surname], 1, 5))",
        "JohDoe",
    ),
    (
        "Comma",
        {"givenName": "John", "surname": "Doe"},
        'Join(", ", "", [surname], [givenName])',
        "Doe, John",
    ),
]


@pytest.mark.parametrize(
    ("attributes", "expression", "expected"),
    [pytest.param(*case, id=name) for name, *case in EXAMPLES],
)
def test_example_gives_what_the_page_says(attributes, expression, expected):
    found = value_of(expression, attributes)

    assert found == expected
    assert type(found) is type(expected)


# Each with the page's own words, in quotes.
DEVIATIONS = [
    (
        'Replace 3: "returns only digits", 19998887777; but the pattern leaves the plus sign',
        {"mobile": "+1 (999) 888-7777"},
        r'Replace([mobile], , "[()\\s-]+", , "", , )',
        "+19998887777",
    ),
    (
        'Number: "Remove any letters from the ID"; but 1000643035… is made of another id',
        {"objectId": "00aa00aa-bb11-cc22-dd33-44ee44ee44ee"},
        NUMBER,
        "100030306161303061612626231312636332322646433332343465653434656534346565",
    ),
    (
        'IsPresent: "do not use the nested functions IsPresent" in Switch; True is the key, too',
        {"directManager": "ada", "skiplevelManager": "grace", "director": "alan"},
        FIRST_MANAGER,
        "grace",
    ),
]


@pytest.mark.parametrize(
    ("attributes", "expression", "expected"),
    [pytest.param(*case, id=reason) for reason, *case in DEVIATIONS],
)
def test_example_whose_result_on_the_page_its_functions_cannot_give(
    attributes, expression, expected
):
    assert value_of(expression, attributes) == expected


def test_switch_in_small_letters_is_no_function_though_a_note_on_the_page_writes_it():
    text = 'switch([companyName], "External", "Company A", "A", "Company B", "B")'

    with pytest.raises(ExpressionError, match="no function switch; did you mean Switch"):
        compile_expression(text)
