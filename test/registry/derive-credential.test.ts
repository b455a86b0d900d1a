import type { OAuthClientEntry } from "../../lib/registry";
import { classificationOf, deriveCredential } from "../../lib/registry/derive-credential";

const ORG = {
  name: "na-prod",
  environment: "production",
  owner: "team-a",
  project: "north-america",
} as const;
const LEAST: OAuthClientEntry = {
  name: "crm-sync",
  permissions: [{ domain: "routing", entity: "queue", actions: ["view"] }],
};

test("the least client has everything else by default", () => {
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

test("what a client's entry says stays", () => {
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

test("a classification may be given in part", () => {
  expect(classificationOf(ORG, { rotationDays: 90 })).toEqual({
    sensitivity: "confidential",
    rotationDays: 90,
    owner: "team-a",
  });
});
