import {
  clientNameOf,
  derivedTagsOf,
  lockTableOf,
  projectOf,
  roleNamesOf,
  stackIdOf,
  stateKeyOf,
  vaultEntryOf,
} from "../../lib/registry/names";
import { secretNameOf, secretPrefixOf } from "../../lib/registry/secret-name";

const LONGEST = "a".repeat(32);
const naProd = { name: "na-prod", environment: "production" } as const;

test("an org's stack and state key have its name", () => {
  expect(stackIdOf("na-prod")).toBe("org-na-prod");
  expect(stateKeyOf("na-prod")).toBe("orgs/na-prod/terraform.tfstate");
});

test.each([
  ["s3", false, undefined],
  ["dynamodb", false, "genesys-state-lock.production"],
  ["both", false, "genesys-state-lock.production"],
  ["both", true, "genesys-state-lock-na-prod"],
] as const)("the lock table in mode %s, own: %s, is %s", (mode, own, table) => {
  expect(lockTableOf("na-prod", "production", mode, own)).toBe(table);
});

test("an org and a home of the same name have different lock tables", () => {
  expect(lockTableOf("production", "production", "both", true)).not.toBe(
    lockTableOf("na-prod", "production", "both", false),
  );
});

test("names of Vault entries and secrets contain environment and project", () => {
  expect(projectOf(naProd)).toBe("na-prod");
  expect(vaultEntryOf(naProd, "deployer")).toBe("genesys/production/na-prod/deployer");
  expect(vaultEntryOf(naProd, "planner")).toBe("genesys/production/na-prod/planner");
  expect(secretPrefixOf(naProd)).toBe("/genesys/production/na-prod/");
  expect(secretNameOf(naProd, "crm-sync")).toBe("/genesys/production/na-prod/crm-sync");
});

test("a project replaces the org's name there", () => {
  const org = { ...naProd, project: "north-america" };
  expect(vaultEntryOf(org, "deployer")).toBe("genesys/production/north-america/deployer");
  expect(secretNameOf(org, "crm-sync")).toBe("/genesys/production/north-america/crm-sync");
});

test("roles have the org's name, and none is longer than IAM's 64 characters", () => {
  expect(roleNamesOf("na-prod")).toEqual({
    reader: "genesys-na-prod-state-reader",
    writer: "genesys-na-prod-state-writer",
    unlocker: "genesys-na-prod-state-unlocker",
    rotator: "genesys-na-prod-rotator",
    reconciler: "genesys-na-prod-reconciler",
    scheduler: "genesys-na-prod-scheduler",
  });
  const lengths = Object.values(roleNamesOf(LONGEST)).map((name) => name.length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(64);
});

test.each([
  ["production", "crm-sync", "Production-CrmSync"],
  ["staging", "exporter", "Staging-Exporter"],
  ["development", "crm-2-way", "Development-Crm2Way"],
  ["sandbox", "a", "Sandbox-A"],
] as const)("a client of %s for %s is %s in Genesys Cloud", (environment, credential, name) => {
  expect(clientNameOf(environment, credential)).toBe(name);
});

test("derived tags name the org and owner of a resource", () => {
  expect(derivedTagsOf({ ...naProd, owner: "team-a" })).toEqual({
    "genesys-org": "na-prod",
    environment: "production",
    owner: "team-a",
    "managed-by": "cdktf-genesys-orgs",
  });
});
