import type { OrgEntry, StateHomeEntry } from "../../lib/registry";
import { deriveHome, deriveOrg } from "../../lib/registry/derive-org";
import { nextStep, nextSteps } from "../../lib/registry/next-step";
import { type AccessReport, reportOrg } from "../../lib/registry/report";
import { entry, HOME, keyArn } from "../support/sample-org";

const storage = { s3Endpoint: "https://s3.example.com" };

const org = (name: string, home: Partial<StateHomeEntry>, patch: Partial<OrgEntry>, key?: string) =>
  deriveOrg(entry(name, 1, patch), { ...deriveHome({ ...HOME, ...home }), kmsKeyArn: key });

test.each<[string, ReturnType<typeof org>, AccessReport["status"], string]>([
  [
    "the home first, as long as that has no key either",
    org("na", {}, {}),
    "no recorded home",
    "the record has no KMS key for home home. Run `genesys-orgs state bootstrap home`",
  ],
  [
    "its access stack",
    org("na", {}, {}, keyArn(9)),
    "synthesized",
    "the record has no KMS key for it. Run `cdktf deploy state-access-na`, then `genesys-orgs state record home`",
  ],
  [
    "its access stack alone, with a lock table of its own",
    org("na", {}, { state: { home: "home", lock: "both", ownLockTable: true } }, keyArn(9)),
    "synthesized",
    "the record has no KMS key for it. Run `cdktf deploy state-access-na`, then `genesys-orgs state record home`",
  ],
  [
    "the home's stack as well, where it shares the home's lock table",
    org("na", {}, { state: { home: "home", lock: "both" } }, keyArn(9)),
    "synthesized",
    "the record has no KMS key for it. Run `cdktf deploy state-home state-access-na`, then `genesys-orgs state record home`",
  ],
  [
    "the record itself, where the home has no stacks",
    org("na", { storage }, {}),
    "external",
    "the record has no KMS key for it. Add homes.home.orgs.na.kmsKeyArn to it or, if the store has no KMS, set storage.encryption of home home",
  ],
])("an org and its report have the same next step: %s", (_, derived, access, step) => {
  expect(nextStep(derived)).toBe(step);
  expect(nextStep(reportOrg(derived, "no recorded key", access))).toBe(step);
});

test("orgs of one home share a line", () => {
  const { home } = org("na", {}, {}, keyArn(9)).state;
  const orgs = ["na", "eu"].map((name) => deriveOrg(entry(name, 1), home));
  const other = org("ap", { name: "other", storage }, { state: { home: "other" } });
  expect(nextSteps([...orgs, other])).toEqual([
    "na, eu are left out: the record has no KMS key for them. Run `cdktf deploy state-access-na state-access-eu`, then `genesys-orgs state record home`",
    "ap is left out: the record has no KMS key for it. Add homes.other.orgs.ap.kmsKeyArn to it or, if the store has no KMS, set storage.encryption of home other",
  ]);
});
