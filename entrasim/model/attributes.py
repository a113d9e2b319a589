"""The attributes of the source that entrasim knows without being told of them.

Source: learn.microsoft.com/graph/api/resources/user and …/group
"""

from __future__ import annotations

RENAMED = {
    "id": "objectId",
    "businessPhones": "telephoneNumber",
    "mobilePhone": "mobile",
    "faxNumber": "facsimileTelephoneNumber",
    "officeLocation": "physicalDeliveryOfficeName",
}
"""Graph's names of properties and the provisioning service's, where they differ."""

TEXTS = frozenset(
    {
        "city",
        "companyName",
        "country",
        "department",
        "displayName",
        "employeeId",
        "employeeType",
        "facsimileTelephoneNumber",
        "givenName",
        "jobTitle",
        "mail",
        "mailNickname",
        "mobile",
        "objectId",
        "physicalDeliveryOfficeName",
        "postalCode",
        "preferredLanguage",
        "state",
        "streetAddress",
        "surname",
        "telephoneNumber",
        "usageLocation",
        "userPrincipalName",
        "userType",
    }
)
"""Attributes that can't be anything but a text."""

BOOLEANS = frozenset({"accountEnabled", "mailEnabled", "securityEnabled"})
"""Attributes that are true or false."""

_COMPUTED = {"IsSoftDeleted", "appRoleAssignments", "originalUserPrincipalName"}
REFERENCES = frozenset({"manager", "members"})
"""Those whose values are other objects."""

_FURTHER = {
    "aboutMe",
    "ageGroup",
    "birthday",
    "classification",
    "consentProvidedForMinor",
    "createdDateTime",
    "creationType",
    "description",
    "employeeHireDate",
    "employeeLeaveDateTime",
    "employeeOrgData.costCenter",
    "employeeOrgData.division",
    "externalUserState",
    "externalUserStateChangeDateTime",
    "groupTypes",
    "hireDate",
    "imAddresses",
    "isResourceAccount",
    "lastPasswordChangeDateTime",
    "legalAgeGroupClassification",
    "mySite",
    "onPremisesDistinguishedName",
    "onPremisesDomainName",
    "onPremisesImmutableId",
    "onPremisesLastSyncDateTime",
    "onPremisesSamAccountName",
    "onPremisesSecurityIdentifier",
    "onPremisesSyncEnabled",
    "onPremisesUserPrincipalName",
    "otherMails",
    "passwordPolicies",
    "preferredDataLocation",
    "preferredName",
    "proxyAddresses",
    "securityIdentifier",
    "showInAddressList",
    "signInSessionsValidFromDateTime",
    "theme",
    "visibility",
}
_NUMBERED = {f"extensionAttribute{number}" for number in range(1, 16)}

KNOWN = TEXTS | BOOLEANS | _COMPUTED | REFERENCES | _FURTHER | _NUMBERED
"""What a directory gives, whether or not a schema defines it."""

_EXTENSION = "extension_"


def is_known(name: str) -> bool:
    """Whether a directory may give this attribute; extensions are the tenant's own."""
    return name in KNOWN or name in RENAMED or name.startswith(_EXTENSION)
