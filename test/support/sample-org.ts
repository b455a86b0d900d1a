import { App } from "cdktf";
import { type Org, type OrgEntry, OrgRegistry } from "../../lib";
import { disableCreationStacks } from "../../lib/stack/framework/creation-stack";

disableCreationStacks();

/** A home that tests share. */
export const HOME = {
  name: "home",
  bucket: "state-bucket",
  account: "111111111111",
  region: "us-east-1",
  stateAdmins: ["arn:aws:iam::111111111111:role/admin"],
};

/** Keys of the home's account, told apart by a number. */
export const keyArn = (number: number): string =>
  `arn:aws:kms:us-east-1:111111111111:key/00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** A valid entry; `number` (0 to 9) makes the organisation's id and key its own. */
export function entry(name: string, number: number, patch: Partial<OrgEntry> = {}): OrgEntry {
  return {
    name,
    environment: "production",
    organizationId: `11111111-1111-4111-8111-11111111111${number}`,
    genesysRegion: "us-east-1",
    state: { home: "home" },
    vault: { address: "https://vault.example.com" },
    aws: { account: "111111111111", region: "us-east-1" },
    owner: "team",
    ...patch,
  };
}

/** A registry of valid entries, with a recorded key for each. */
export function registryOf(...orgs: OrgEntry[]): OrgRegistry {
  const keys = orgs.map(({ name }, index) => [name, { kmsKeyArn: keyArn(index) }] as const);
  const { account, region, bucket } = HOME;
  return OrgRegistry.of({
    homes: [HOME],
    orgs,
    record: {
      version: 1,
      homes: { home: { account, region, bucket, orgs: Object.fromEntries(keys) } },
    },
  });
}

/** One org of a registry of its own. */
export function sampleOrg(name = "na-prod", patch: Partial<OrgEntry> = {}): Org {
  return registryOf(entry(name, 1, patch)).get(name);
}

/** An app that writes nowhere but into a folder of its own. */
export function testApp(outdir: string): App {
  return new App({ outdir });
}
