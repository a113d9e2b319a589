"""The properties of users, groups and service principals.

Source: learn.microsoft.com/graph/api/resources/user, …/group and …/serviceprincipal
"""

from __future__ import annotations

from collections.abc import Mapping

from entrasim.api.odata import Shape


def _shapes(**names: str) -> dict[str, Shape]:
    return {n: Shape[shape.upper()] for shape, listed in names.items() for n in listed.split()}


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


USER: Mapping[str, Shape] = _shapes(
    text="""id aboutMe ageGroup city companyName consentProvidedForMinor country creationType
        department displayName employeeId employeeType externalUserState faxNumber givenName
        jobTitle legalAgeGroupClassification mail mailNickname mobilePhone mySite officeLocation
        onPremisesDistinguishedName onPremisesDomainName onPremisesImmutableId
        onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesUserPrincipalName
        passwordPolicies postalCode preferredDataLocation preferredLanguage preferredName
        securityIdentifier state streetAddress surname usageLocation userPrincipalName userType""",
    texts="""businessPhones imAddresses interests otherMails pastProjects proxyAddresses
        responsibilities schools skills""",
    boolean="accountEnabled isResourceAccount onPremisesSyncEnabled showInAddressList",
    moment="""birthday createdDateTime deletedDateTime employeeHireDate employeeLeaveDateTime
        externalUserStateChangeDateTime hireDate lastPasswordChangeDateTime
        onPremisesLastSyncDateTime signInSessionsValidFromDateTime""",
    complex="""authorizationInfo employeeOrgData mailboxSettings onPremisesExtensionAttributes
        passwordProfile signInActivity""",
    complexes="""assignedLicenses assignedPlans identities licenseAssignmentStates
        onPremisesProvisioningErrors provisionedPlans serviceProvisioningErrors""",
)
USER_SHOWN = _names(
    """businessPhones displayName givenName jobTitle mail mobilePhone officeLocation
    preferredLanguage surname userPrincipalName id"""
)
USER_OBLIGATORY = (
    "accountEnabled",
    "displayName",
    "mailNickname",
    "passwordProfile",
    "userPrincipalName",
)
USER_READ_ONLY = frozenset(
    _names(
        """id createdDateTime deletedDateTime creationType imAddresses isResourceAccount
    lastPasswordChangeDateTime legalAgeGroupClassification mailboxSettings
    onPremisesDistinguishedName onPremisesDomainName onPremisesLastSyncDateTime
    onPremisesProvisioningErrors onPremisesSamAccountName onPremisesSecurityIdentifier
    onPremisesSyncEnabled onPremisesUserPrincipalName proxyAddresses securityIdentifier
    serviceProvisioningErrors signInActivity signInSessionsValidFromDateTime assignedLicenses
    assignedPlans licenseAssignmentStates provisionedPlans authorizationInfo"""
    )
)

GROUP: Mapping[str, Shape] = _shapes(
    text="""id classification description displayName mail mailNickname membershipRule
        membershipRuleProcessingState onPremisesDomainName onPremisesNetBiosName
        onPremisesSamAccountName onPremisesSecurityIdentifier preferredDataLocation
        preferredLanguage securityIdentifier theme uniqueName visibility""",
    texts="creationOptions groupTypes proxyAddresses resourceBehaviorOptions "
    "resourceProvisioningOptions",
    boolean="isAssignableToRole isManagementRestricted mailEnabled onPremisesSyncEnabled "
    "securityEnabled",
    moment="""createdDateTime deletedDateTime expirationDateTime onPremisesLastSyncDateTime
        renewedDateTime""",
    complex="licenseProcessingState",
    complexes="assignedLabels assignedLicenses onPremisesProvisioningErrors "
    "serviceProvisioningErrors",
)
GROUP_SHOWN = _names(
    """id deletedDateTime classification createdDateTime creationOptions description displayName
    expirationDateTime groupTypes isAssignableToRole mail mailEnabled mailNickname
    membershipRule membershipRuleProcessingState onPremisesDomainName
    onPremisesLastSyncDateTime onPremisesNetBiosName onPremisesSamAccountName
    onPremisesSecurityIdentifier onPremisesSyncEnabled preferredDataLocation preferredLanguage
    proxyAddresses renewedDateTime resourceBehaviorOptions resourceProvisioningOptions
    securityEnabled securityIdentifier theme uniqueName visibility
    onPremisesProvisioningErrors serviceProvisioningErrors"""
)
GROUP_OBLIGATORY = ("displayName", "mailEnabled", "mailNickname", "securityEnabled")
GROUP_READ_ONLY = frozenset(
    _names(
        """id createdDateTime deletedDateTime expirationDateTime mail onPremisesDomainName
    onPremisesLastSyncDateTime onPremisesNetBiosName onPremisesProvisioningErrors
    onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled proxyAddresses
    renewedDateTime securityIdentifier serviceProvisioningErrors isManagementRestricted
    licenseProcessingState assignedLicenses"""
    )
)

SERVICE_PRINCIPAL: Mapping[str, Shape] = _shapes(
    text="id appDescription appDisplayName appId description displayName homepage notes "
    "appOwnerOrganizationId servicePrincipalType",
    texts="alternativeNames replyUrls servicePrincipalNames tags",
    boolean="accountEnabled appRoleAssignmentRequired",
    moment="createdDateTime deletedDateTime",
    complexes="appRoles",
)

LONGEST = {
    "city": 128,
    "companyName": 64,
    "country": 128,
    "department": 64,
    "displayName": 256,
    "employeeId": 16,
    "givenName": 64,
    "jobTitle": 128,
    "mailNickname": 64,
    "mobilePhone": 64,
    "officeLocation": 128,
    "postalCode": 40,
    "state": 128,
    "surname": 64,
    "usageLocation": 2,
    "userPrincipalName": 113,
}
"""The most characters of a text, where Graph bounds it closer than usual."""


def together(*kinds: Mapping[str, Shape]) -> dict[str, Shape]:
    """The properties of several kinds."""
    return {name: shape for kind in kinds for name, shape in kind.items()}
