"""A schema as large and as odd as Graph gives them for applications of some age.

Members and their order: learn.microsoft.com/graph/api/resources/synchronization-….
"""

from __future__ import annotations

USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
CUSTOM = "urn:ietf:params:scim:schemas:extension:contoso:2.0:User"
OLD_SOURCE = "Azure Active Directory"

MAPPED = {
    "userName": "mail",
    "displayName": "displayName",
    "title": "jobTitle",
    "name.givenName": "givenName",
    "name.familyName": "surname",
    "externalId": "objectId",
    f"{USER}:department": "department",
    f"{CUSTOM}:costCenter": "extensionAttribute7",
    f"{CUSTOM}:badge": "extension_9d98ed114c4840d298fad781915f27e4_badge",
}


def portal_schema() -> dict:
    """A full synchronizationSchema, of more than 130,000 characters."""
    return {
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#schema",
        "id": "7f1c1f3e-0a0e-4d6c-8a52-6a6a0f3f0b11",
        "version": "Date:2019-03-04T05:06:07.0000000Z, ActivityId:00000000-1111-2222",
        "synchronizationRules": [_rule()],
        "directories": [_source(), _target()],
    }


def _rule() -> dict:
    return {
        "editable": True,
        "groupFilter": None,
        "id": "03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8",
        "metadata": [{"key": "defaultSourceObjectMappings", "value": "{}"}],
        "name": "USERGROUP_OUTBOUND_USERGROUP",
        "priority": 1,
        "sourceDirectoryName": OLD_SOURCE,
        "targetDirectoryName": "customappsso",
        "containerFilter": {"includedContainers": []},
        "objectMappings": [_auxiliary("Contact"), _groups(), _users(), _auxiliary("")],
    }


def _users() -> dict:
    active = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'
    attributes = [
        mapping("active", {"type": "Function", "name": "Switch", "expression": active}),
        *(mapping(target, attribute(source)) for target, source in MAPPED.items()),
        mapping('emails[type eq "work"].value', _lower_mail()),
        mapping("userType", None, defaultValue="Employee", flowType="ObjectAddOnly"),
    ]
    attributes[1]["matchingPriority"] = 1
    return _object_mapping("User", USER, "Add, Update, Delete", attributes)


def _groups() -> dict:
    attributes = [
        mapping("displayName", attribute("displayName"), matchingPriority=1),
        mapping("externalId", attribute("objectId")),
        mapping("members", attribute("members")),
    ]
    return _object_mapping("Group", GROUP, "Add,Update,Delete", attributes)


def _object_mapping(kind: str, target: str, flow_types: str, attributes: list[dict]) -> dict:
    return {
        "enabled": kind == "User",
        "flowTypes": flow_types,
        "name": f"Provision {OLD_SOURCE} {kind}s",
        "sourceObjectName": kind,
        "targetObjectName": target,
        "scope": {"groups": [], "inputFilterGroups": [], "categoryFilterGroups": []},
        "attributeMappings": attributes,
        "metadata": [
            {"key": "EscrowBehavior", "value": "Default"},
            {"key": "DisableMonitoringForChanges", "value": "False"},
            {"key": "SomethingNobodyKnows", "value": None},
        ],
    }


def _auxiliary(target: str) -> dict:
    return {
        "enabled": False,
        "flowTypes": "None",
        "name": None,
        "sourceObjectName": "",
        "targetObjectName": target,
        "scope": None,
        "attributeMappings": [],
        "metadata": [{"key": "IsCustomerDefined", "value": "False"}],
    }


def mapping(target: str, source: dict | None, **changes: object) -> dict:
    """An attribute mapping with what the portal writes into each."""
    return {
        "defaultValue": "",
        "exportMissingReferences": False,
        "flowBehavior": "FlowWhenChanged",
        "flowType": "Always",
        "matchingPriority": 0,
        "targetAttributeName": target,
        "source": source,
        **changes,
    }


def attribute(name: str) -> dict:
    """A source that is an attribute."""
    return {"expression": f"[{name}]", "name": name, "type": "Attribute", "parameters": []}


def _lower_mail() -> dict:
    """A function that is given as a tree alone."""
    parameters = [{"key": "source", "value": attribute("mail")}]
    return {"expression": None, "name": "ToLower", "type": "Function", "parameters": parameters}


def _source() -> dict:
    names = {*MAPPED.values(), "IsSoftDeleted", "mobile", "manager", "userPrincipalName"}
    names |= {f"extensionAttribute{number}" for number in range(1, 16)}
    names -= {name for name in names if name.startswith("extension_")}
    names |= {f"onPremisesAttribute{number:03}" for number in range(120)}
    groups = ["objectId", "displayName", "mail", "members"]
    return {
        "id": "66e4a8cc-1b7b-435e-95f8-f06cea133828",
        "name": OLD_SOURCE,
        "readOnly": True,
        "version": "2019-03-04",
        "discoverabilities": "AttributeNames, AttributeDataTypes",
        "discoveryDateTime": "0001-01-01T00:00:00Z",
        "objects": [_definition("User", sorted(names)), _definition("Group", groups)],
    }


def _target() -> dict:
    names = ["active", 'emails[type eq "work"].value', "userType", *MAPPED]
    names += [f"{CUSTOM}:field{number:03}" for number in range(240)]
    groups = ["displayName", "externalId", "members"]
    return {
        "id": "09760868-cafb-47ac-9031-0a3262300427",
        "name": "customappsso",
        "readOnly": False,
        "version": None,
        "discoverabilities": "None",
        "discoveryDateTime": None,
        "objects": [_definition(USER, names), _definition(GROUP, groups)],
    }


def _definition(name: str, attributes: list[str]) -> dict:
    return {
        "name": name,
        "metadata": [{"key": "ExtensionSupport", "value": "True"}],
        "supportedApis": ["AzureActiveDirectory"],
        "attributes": [_attribute_definition(known) for known in attributes],
    }


def _attribute_definition(name: str) -> dict:
    reference = name in {"manager", "members"}
    referenced = [{"referencedObjectName": "User", "referencedProperty": None}]
    return {
        "anchor": name == "objectId",
        "caseExact": False,
        "defaultValue": None,
        "flowNullValues": False,
        "multivalued": name == "members",
        "mutability": "ReadWrite",
        "name": name,
        "required": name in {"userName", "objectId"},
        "type": "Boolean" if name == "active" else "Reference" if reference else "String",
        "apiExpressions": [{"api": "AzureActiveDirectory", "expression": f"[{name}]"}],
        "metadata": [{"key": "MaxLength", "value": "448"}, {"key": "Discovered", "value": "9"}],
        "referencedObjects": referenced if reference else [],
    }
