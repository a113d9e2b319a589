"""Which properties applications, their service principals and assignments have.

Source: learn.microsoft.com/graph/api/resources/serviceprincipal, …/application,
…/approleassignment and …/applicationtemplate
"""

from __future__ import annotations

from entrasim.api.odata import EntityType, Shape

TEXT, TEXTS, BOOLEAN, MOMENT = Shape.TEXT, Shape.TEXTS, Shape.BOOLEAN, Shape.MOMENT
COMPLEX, COMPLEXES = Shape.COMPLEX, Shape.COMPLEXES

_SHARED = {
    "id": TEXT,
    "deletedDateTime": MOMENT,
    "appId": TEXT,
    "applicationTemplateId": TEXT,
    "createdDateTime": MOMENT,
    "description": TEXT,
    "disabledByMicrosoftStatus": TEXT,
    "displayName": TEXT,
    "notes": TEXT,
    "signInAudience": TEXT,
    "tags": TEXTS,
    "tokenEncryptionKeyId": TEXT,
    "addIns": COMPLEXES,
    "appRoles": COMPLEXES,
    "info": COMPLEX,
    "keyCredentials": COMPLEXES,
    "passwordCredentials": COMPLEXES,
    "verifiedPublisher": COMPLEX,
}

_OF_SERVICE_PRINCIPALS = {
    **_SHARED,
    "accountEnabled": BOOLEAN,
    "alternativeNames": TEXTS,
    "appDescription": TEXT,
    "appDisplayName": TEXT,
    "appOwnerOrganizationId": TEXT,
    "appRoleAssignmentRequired": BOOLEAN,
    "homepage": TEXT,
    "loginUrl": TEXT,
    "logoutUrl": TEXT,
    "notificationEmailAddresses": TEXTS,
    "oauth2PermissionScopes": COMPLEXES,
    "preferredSingleSignOnMode": TEXT,
    "preferredTokenSigningKeyThumbprint": TEXT,
    "replyUrls": TEXTS,
    "resourceSpecificApplicationPermissions": COMPLEXES,
    "samlSingleSignOnSettings": COMPLEX,
    "servicePrincipalNames": TEXTS,
    "servicePrincipalType": TEXT,
}

SERVICE_PRINCIPAL = EntityType(
    name="servicePrincipal", properties=_OF_SERVICE_PRINCIPALS, shown=tuple(_OF_SERVICE_PRINCIPALS)
)

_OF_APPLICATIONS = {
    **_SHARED,
    "api": COMPLEX,
    "groupMembershipClaims": TEXT,
    "identifierUris": TEXTS,
    "isFallbackPublicClient": BOOLEAN,
    "optionalClaims": COMPLEX,
    "publicClient": COMPLEX,
    "publisherDomain": TEXT,
    "requiredResourceAccess": COMPLEXES,
    "serviceManagementReference": TEXT,
    "spa": COMPLEX,
    "web": COMPLEX,
}

APPLICATION = EntityType(
    name="application", properties=_OF_APPLICATIONS, shown=tuple(_OF_APPLICATIONS)
)

_OF_ASSIGNMENTS = {
    "id": TEXT,
    "deletedDateTime": MOMENT,
    "appRoleId": TEXT,
    "createdDateTime": MOMENT,
    "principalDisplayName": TEXT,
    "principalId": TEXT,
    "principalType": TEXT,
    "resourceDisplayName": TEXT,
    "resourceId": TEXT,
}

APP_ROLE_ASSIGNMENT = EntityType(
    name="appRoleAssignment", properties=_OF_ASSIGNMENTS, shown=tuple(_OF_ASSIGNMENTS)
)

_OF_TEMPLATES = {
    "id": TEXT,
    "displayName": TEXT,
    "homePageUrl": TEXT,
    "supportedSingleSignOnModes": TEXTS,
    "supportedProvisioningTypes": TEXTS,
    "logoUrl": TEXT,
    "categories": TEXTS,
    "publisher": TEXT,
    "description": TEXT,
}

APPLICATION_TEMPLATE = EntityType(
    name="applicationTemplate", properties=_OF_TEMPLATES, shown=tuple(_OF_TEMPLATES)
)
