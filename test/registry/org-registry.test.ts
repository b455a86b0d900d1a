import { defineOrg, OrgRegistry } from "../../lib/registry";
import { loadRegistry } from "../../orgs";
import { naDev } from "../../orgs/na-dev";
import { naProd } from "../../orgs/na-prod";
import { nonproduction, production } from "../../orgs/state-homes";
import { check, messageOf, patched } from "./patched";

describe("the registry of this deployment", () => {
  test("has its orgs in the order of its index", () => {
    const registry = loadRegistry();
    expect(registry.names).toEqual(["na-prod", "eu-prod", "apac-prod", "na-staging", "na-dev"]);
    expect(registry.orgs.map((org) => org.name)).toEqual(registry.names);
    expect(registry.homes.map((home) => home.name)).toEqual(["production", "nonproduction"]);
  });

  test("gives an org by its name, with its home and its recorded key", () => {
    const { state } = loadRegistry().get("apac-prod");
    expect(state.home.bucket).toBe("example-genesys-state-production");
    expect(state.kmsKeyArn).toBe(
      "arn:aws:kms:us-east-1:111111111111:key/3a1c7b0e-4d09-4868-8a25-f9081a2b3c03",
    );
  });

  test("knows its names when it is compiled", () => {
    const registry = loadRegistry();
    const name: "na-prod" | "eu-prod" | "apac-prod" | "na-staging" | "na-dev" =
      registry.names[0] ?? "na-prod";
    expect(registry.get(name).name).toBe("na-prod");
    expect(() =>
      // @ts-expect-error: there is no such org
      registry.get("nope"),
    ).toThrow(
      "The registry has no org nope. Use one of na-prod, eu-prod, apac-prod, na-staging, na-dev",
    );
  });
});

test("an org with an unknown home does not compile", () => {
  const lost = defineOrg({ ...naDev, state: { home: "nonprod" } });
  expect(() =>
    OrgRegistry.of({
      homes: [nonproduction],
      // @ts-expect-error: there is no such home
      orgs: [lost],
    }),
  ).toThrow('na-dev: state.home is "nonprod": use one of nonproduction [state-home]');
});

test("an unknown region does not compile", () => {
  // @ts-expect-error: Genesys Cloud has no such region
  expect(defineOrg({ ...naDev, genesysRegion: "us-east-9" }).name).toBe("na-dev");
});

test("an unknown key does not compile, at any depth", () => {
  const { vault } = naDev;
  // @ts-expect-error: a misspelt key
  expect(defineOrg({ ...naDev, ownr: "team" }).name).toBe("na-dev");
  // @ts-expect-error: a misspelt key
  expect(defineOrg({ ...naDev, vault: { ...vault, adress: "" } }).name).toBe("na-dev");
});

test("an org has no key when the record is missing or does not have it", () => {
  const unrecorded = OrgRegistry.of({ homes: [production], orgs: [naProd] });
  expect(unrecorded.get("na-prod").state.kmsKeyArn).toBeUndefined();
  expect(check(patched({})).get("ap-prod").state.kmsKeyArn).toBeUndefined();
  expect(check(patched({})).get("na-prod").state.kmsKeyArn).toContain(":key/aaaaaaaa-");
});

test("a registry may have no orgs", () => {
  expect(OrgRegistry.of({ homes: [production], orgs: [] }).names).toEqual([]);
});

test.each([
  ["another account", { "orgs/1/aws": { account: "222222222222", region: "us-east-1" } }],
  ["another region", { "orgs/1/aws/region": "eu-central-1" }],
])("one secret prefix in %s is no collision", (_, patch) => {
  const vault = {
    "orgs/1/vault/deployer": "cc/eu/full",
    "orgs/1/vault/planner": "cc/eu/view",
    "orgs/1/vault/master": "cc/eu/rotator",
  };
  const registry = check(patched({ "orgs/1/project": "na-prod", ...vault, ...patch }));
  expect(registry.get("eu-prod").secretPrefix).toBe("/genesys/production/na-prod/");
});

test("an org's state may be anywhere in the org's own folder", () => {
  const key = "orgs/na-prod/contact-centre/terraform.tfstate";
  const registry = check(patched({ "orgs/0/state/key": key }));
  expect(registry.get("na-prod").state.lockId).toBe(`state-production/${key}`);
});

test("the entry of a recorded org cannot be deleted, whether others stay or not", () => {
  const left = (...orgs: number[]) => {
    const registry = patched({});
    registry.orgs = (registry.orgs as unknown[]).filter((_, index) => !orgs.includes(index));
    return messageOf(() => check(registry));
  };
  expect(left(1)).toContain("record: homes.production.orgs.eu-prod is no longer in the registry");
  expect(left(0, 1, 2)).toMatch(/^The registry has 2 problems:/);
});

test("a retired org may stay in the registry", () => {
  expect(check(patched({ "orgs/1/retired": true })).get("eu-prod").retired).toBe(true);
});
