// Hire somebody through Microsoft's Graph SDK, and dismiss them forty minutes later.

import { ClientSecretCredential } from "@azure/identity";
import { Client } from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";

const ENTRASIM = process.env.ENTRASIM_URL ?? "https://127.0.0.1:8420";
const ENGAGEDLY = process.env.ENGAGEDLY_URL ?? "http://127.0.0.1:8421";
const NON_GALLERY = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"; // "Create your own application"
const MAIL = "jean@contoso.com";
const SCOPES = ["https://graph.microsoft.com/.default"];

const clientId = "d1b6f1e4-5c0b-4e9c-9b0e-3b1f0a9c1a11";
const credential = new ClientSecretCredential("contoso.com", clientId, process.env.ENTRASIM_API_TOKEN ?? "any", {
  authorityHost: ENTRASIM,
  disableInstanceDiscovery: true,
});
const graph = Client.initWithMiddleware({
  authProvider: new TokenCredentialAuthenticationProvider(credential, { scopes: SCOPES }),
  baseUrl: ENTRASIM,
  customHosts: new Set([new URL(ENTRASIM).hostname]),
});

async function advance(by) {
  const { token } = await credential.getToken(SCOPES);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const body = JSON.stringify({ by });
  const url = `${ENTRASIM}/entrasim/clock/advance`;
  const answer = await fetch(url, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(await answer.text());
}

async function employee() {
  const answer = await fetch(`${ENGAGEDLY}/beta/users?email=${encodeURIComponent(MAIL)}`);
  const [found] = (await answer.json()).data;
  return `${found.first_name} ${found.last_name} is ${found.status}`;
}

const user = await graph.api("/users").post({
  accountEnabled: true,
  displayName: "Jean Bartik",
  givenName: "Jean",
  surname: "Bartik",
  mail: MAIL,
  mailNickname: "jean",
  userPrincipalName: MAIL,
  passwordProfile: { password: "Not-kept-0", forceChangePasswordNextSignIn: true },
});
const group = await graph.api("/groups").post({
  displayName: "Programmers",
  mailEnabled: false,
  mailNickname: "programmers",
  securityEnabled: true,
});
const member = { "@odata.id": `${ENTRASIM}/v1.0/directoryObjects/${user.id}` };
await graph.api(`/groups/${group.id}/members/$ref`).post(member);

const instantiate = `/applicationTemplates/${NON_GALLERY}/instantiate`;
const { servicePrincipal } = await graph.api(instantiate).post({ displayName: "HR of Node" });
const principal = `/servicePrincipals/${servicePrincipal.id}`;
const role = servicePrincipal.appRoles.find((one) => one.displayName === "User");
const assignment = await graph.api(`${principal}/appRoleAssignedTo`).post({
  principalId: group.id,
  resourceId: servicePrincipal.id,
  appRoleId: role.id,
});

const jobs = `${principal}/synchronization/jobs`;
const job = await graph.api(jobs).post({ templateId: "engagedly" });
await graph.api(`${principal}/synchronization/secrets`).put({
  value: [
    { key: "BaseAddress", value: `${ENGAGEDLY}/scim/v2` },
    { key: "SecretToken", value: process.env.ENGAGEDLY_TOKEN },
  ],
});
await graph.api(`${jobs}/${job.id}/start`).post();
await advance("PT40M");
console.log("hired:", await employee());

await graph.api(`${principal}/appRoleAssignedTo/${assignment.id}`).delete();
await advance("PT40M");
console.log("dismissed:", await employee());

const log = await graph
  .api("/auditLogs/provisioning")
  .filter(`jobId eq '${job.id}'`)
  .orderby("activityDateTime desc")
  .top(1)
  .get();
const [record] = log.value;
const { provisioningAction, provisioningStatusInfo, sourceIdentity } = record;
console.log("log:", provisioningAction, provisioningStatusInfo.status, sourceIdentity.displayName);
