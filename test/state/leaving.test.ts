import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { OrgRegistry, OrgsApp } from "../../lib";
import { temporaryFolder } from "../support/folders";
import { entry } from "../support/sample-org";
import { accessStack, homeRegistry, homeStack, resources } from "../support/state-stacks";

/** A registry in a folder, with na-prod and eu-prod. */
function folderOf(registry: OrgRegistry): string {
  const folder = temporaryFolder();
  const [home] = registry.homes;
  if (!home) throw new Error("there is no home");
  const { name, bucket, account, region, stateAdmins, kmsKeyArn } = home;
  const keys = registry.orgs.map((org) => [org.name, { kmsKeyArn: org.state.kmsKeyArn }]);
  const record = { account, region, bucket, kmsKeyArn, orgs: Object.fromEntries(keys) };
  writeFileSync(
    join(folder, "state-homes.json"),
    JSON.stringify({ version: 1, homes: { [name]: record } }),
  );
  const homes = [{ name, bucket, account, region, stateAdmins: [...stateAdmins] }];
  writeFileSync(join(folder, "homes.yaml"), stringify(homes));
  for (const org of ENTRIES) writeFileSync(join(folder, `${org.name}.yaml`), stringify(org));
  return folder;
}

const ENTRIES = [entry("eu-prod", 1), entry("na-prod", 2)];

/** The registry after a change of its files. */
function changed(change: (folder: string) => void): OrgRegistry {
  const folder = folderOf(homeRegistry(ENTRIES));
  change(folder);
  return OrgRegistry.load(folder);
}

const retire = (folder: string) => {
  const file = join(folder, "eu-prod.yaml");
  const org = parse(readFileSync(file, "utf8")) as object;
  writeFileSync(file, stringify({ ...org, retired: true }));
};

test("an org's file that is deleted fails synth, and the message says what to do instead", () => {
  expect(() => changed((folder) => rmSync(join(folder, "eu-prod.yaml")))).toThrow(
    [
      "The registry has 1 problem:",
      "  record: homes.home.orgs.eu-prod is no longer in the registry: put its entry back, with retired: true, because its state, its key and its roles still exist [record-org-left]",
    ].join("\n"),
  );
});

describe("a retired org", () => {
  const registry = changed(retire);
  const org = registry.get("eu-prod");

  test("has no stack any more, and keeps its access stack", () => {
    const app = new OrgsApp({ registry, outdir: temporaryFolder() });
    expect(app.orgs.map(({ name }) => name)).toEqual(["na-prod"]);
    expect(app.orgsInHomes.map(({ name }) => name)).toEqual(["eu-prod", "na-prod"]);
  });

  test("keeps its key, which is protected, at the place of its state", () => {
    const [before, after] = [changed(() => {}).get("eu-prod"), org].map(accessStack);
    const [key, kept] = [before, after].map((stack) => stack && resources(stack, "aws_kms_key"));
    expect(kept).toEqual([
      { ...key?.[0], policy: expect.any(String), lifecycle: { prevent_destroy: true } },
    ]);
    expect(after?.terraform.backend).toEqual(before?.terraform.backend);
  });

  test("keeps its own lock table", () => {
    const state = { home: "home", lock: "both", ownLockTable: true } as const;
    const stack = accessStack(
      homeRegistry([entry("eu-prod", 2, { state, retired: true })]).get("eu-prod"),
    );
    expect(resources(stack, "aws_dynamodb_table")).toEqual([
      expect.objectContaining({ name: "genesys-state-lock-eu-prod" }),
    ]);
  });

  test("loses its roles, and its key knows none but the state admins", () => {
    const stack = accessStack(org);
    expect(Object.keys(stack.resource).sort()).toEqual(["aws_kms_alias", "aws_kms_key"]);
    const [key] = resources(stack, "aws_kms_key");
    expect(JSON.parse(`${key?.policy}`).Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual([
      "Administer",
      "StateAdmins",
    ]);
  });

  test("keeps the shared table of the home, where its lock could still be", () => {
    const state = { home: "home", lock: "both" } as const;
    const { stack } = homeStack(homeRegistry([entry("eu-prod", 2, { state, retired: true })]));
    expect(resources(stack, "aws_dynamodb_table")).toHaveLength(1);
  });
});
