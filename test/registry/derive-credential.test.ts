import type { OAuthClientEntry } from "../../lib/registry";
import {
  CREDENTIAL_KINDS,
  type CredentialKind,
  kindOfClient,
  SENSITIVITIES,
  SENSITIVITY_NAMES,
  type Sensitivity,
} from "../../lib/registry/classification";
import { classificationOf, deriveCredential } from "../../lib/registry/derive-credential";
import { reportCredential } from "../../lib/registry/report";

const ORG = {
  name: "na-prod",
  environment: "production",
  owner: "team-a",
  project: "north-america",
  consumers: [],
  allowedSensitivities: SENSITIVITY_NAMES,
  rotation: {},
} as const;
const LEAST: OAuthClientEntry = {
  name: "crm-sync",
  permissions: [{ domain: "routing", entity: "queue", actions: ["view"] }],
};

test("everything but the required fields of a client has a default", () => {
  expect(deriveCredential(ORG, LEAST)).toEqual({
    ...LEAST,
    description: "crm-sync of na-prod",
    divisions: undefined,
    accessTokenValiditySeconds: 3600,
    classification: { sensitivity: "high", rotationDays: 180, owner: "team-a" },
    consumers: [],
    clientName: "Production-CrmSync",
    secretName: "/genesys/production/north-america/crm-sync",
  });
});

test("the id of the client that it replaces is compared in lower case, and reported", () => {
  const replaces = "55555555-5555-4555-8555-55555555555A";
  const credential = deriveCredential(ORG, { ...LEAST, replaces });
  expect(credential.replaces).toBe(replaces.toLowerCase());
  expect(reportCredential(credential).replaces).toBe(replaces.toLowerCase());
});

const NETWORK = {
  subnetIds: ["subnet-0a1b2c3d"],
  securityGroupIds: ["sg-0a1b2c3d"],
  egressAddresses: ["198.51.100.7"],
};

test.each([
  [undefined, undefined, undefined],
  [["203.0.113.0/24"], undefined, ["203.0.113.0/24", "198.51.100.7"]],
  [["203.0.113.0/24"], ["192.0.2.1"], ["192.0.2.1", "198.51.100.7"]],
  [["203.0.113.0/24"], [], []],
  [undefined, ["198.51.100.7"], ["198.51.100.7"]],
])("the org allows %j, the client %j: with those of the rotation %j", (ofOrg, ofClient, all) => {
  const org = { ...ORG, allowedAddresses: ofOrg, rotation: { network: NETWORK } };
  const { allowedAddresses } = deriveCredential(org, { ...LEAST, allowedAddresses: ofClient });
  expect(allowedAddresses).toEqual(all);
});

test("the values of a client's entry stay as they are", () => {
  const said = {
    ...LEAST,
    description: "Keeps the CRM in step",
    divisions: ["*"],
    accessTokenValiditySeconds: 900,
    classification: { sensitivity: "critical", rotationDays: 7, owner: "crm-team" },
    consumers: ["arn:aws:iam::111111111111:role/crm"],
  } as const;
  expect(deriveCredential(ORG, said)).toMatchObject(said);
});

test.each<[Partial<OAuthClientEntry>, string, CredentialKind]>([
  [{}, "only reads", "genesys-read-only"],
  [{ permissions: [actions("view", "searchConversations")] }, "reads", "genesys-read-only"],
  [{ permissions: [actions("view"), actions("edit")] }, "may change something", "genesys-admin"],
  [{ roles: ["33333333-3333-4333-8333-333333333333"] }, "has existing roles", "genesys-admin"],
])("%j: a client that %s is of the kind %s", (entry, _, kind) => {
  expect(kindOfClient({ ...LEAST, ...entry })).toBe(kind);
});

test.each<[CredentialKind, Sensitivity | undefined, number | undefined, Sensitivity, number]>([
  ["genesys-admin", undefined, undefined, "critical", 90],
  ["genesys-read-only", undefined, undefined, "high", 180],
  ["genesys-read-only", "critical", undefined, "critical", 90],
  ["genesys-admin", "low", undefined, "low", 90],
  ["webhook-secret", undefined, undefined, "medium", 90],
  ["third-party-api-key", undefined, 30, "medium", 30],
])("%s, sensitivity %s, %s days: %s, %s days", (kind, sensitivity, rotationDays, is, days) => {
  expect(classificationOf(ORG, kind, { sensitivity, rotationDays })).toEqual({
    sensitivity: is,
    rotationDays: days,
    owner: "team-a",
  });
});

test("the default is at most what the environment allows", () => {
  const org = { ...ORG, allowedSensitivities: ["medium", "low"] as const };
  expect(classificationOf(org, "genesys-admin").sensitivity).toBe("medium");
});

test.each([
  ["restricted", "critical"],
  ["confidential", "high"],
  ["internal", "medium"],
] as const)("the earlier name %s means %s", (earlier, sensitivity) => {
  expect(classificationOf(ORG, "genesys-admin", { sensitivity: earlier })).toMatchObject({
    sensitivity,
  });
});

test("no kind rotates more rarely than its class allows", () => {
  for (const { sensitivity, rotationDays } of Object.values(CREDENTIAL_KINDS)) {
    expect(rotationDays).toBeLessThanOrEqual(SENSITIVITIES[sensitivity].mostRotationDays);
  }
});

function actions(...names: string[]) {
  return { domain: "routing", entity: "queue", actions: names };
}
