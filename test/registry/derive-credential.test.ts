import type { OAuthClientEntry } from "../../lib/registry";
import { classificationOf, deriveCredential } from "../../lib/registry/derive-credential";

const ORG = {
  name: "na-prod",
  environment: "production",
  owner: "team-a",
  project: "north-america",
  consumers: [],
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
    classification: { sensitivity: "confidential", rotationDays: 30, owner: "team-a" },
    consumers: [],
    clientName: "Production-CrmSync",
    secretName: "/genesys/production/north-america/crm-sync",
  });
});

test("the values of a client's entry stay as they are", () => {
  const said = {
    ...LEAST,
    description: "Keeps the CRM in step",
    divisions: ["*"],
    accessTokenValiditySeconds: 900,
    classification: { sensitivity: "restricted", rotationDays: 7, owner: "crm-team" },
    consumers: ["arn:aws:iam::111111111111:role/crm"],
  } as const;
  expect(deriveCredential(ORG, said)).toMatchObject(said);
});

test("a classification may be incomplete", () => {
  expect(classificationOf(ORG, { rotationDays: 90 })).toEqual({
    sensitivity: "confidential",
    rotationDays: 90,
    owner: "team-a",
  });
});
