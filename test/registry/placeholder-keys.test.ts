import { OrgRegistry } from "../../lib";
import {
  isPlaceholder,
  PLACEHOLDERS_VARIABLE,
  withPlaceholders,
} from "../../lib/registry/placeholder-keys";
import { entry, HOME, keyArn } from "../support/sample-org";

const orgs = [entry("old", 1), entry("new", 2), entry("other", 3)];
const { account, region, bucket } = HOME;
const record = {
  version: 1,
  homes: { home: { account, region, bucket, orgs: { old: { kmsKeyArn: keyArn(1) } } } },
} as const;

test("recorded keys stay, and every other key is made up, unique and in the home's account", () => {
  const { home } = withPlaceholders(record, [HOME], orgs).homes;
  const { old, ...made } = home?.orgs ?? {};
  expect(old).toEqual({ kmsKeyArn: keyArn(1) });
  const keys = [home?.kmsKeyArn, ...Object.values(made).map(({ kmsKeyArn }) => kmsKeyArn)];
  expect(new Set(keys).size).toBe(3);
  for (const key of keys) {
    expect(key).toMatch(/^arn:aws:kms:us-east-1:111111111111:key\/0{8}-(0{4}-){3}\w{12}$/);
    expect(isPlaceholder(key)).toBe(true);
  }
  expect([isPlaceholder(keyArn(1)), isPlaceholder(undefined)]).toEqual([false, false]);
});

test("without a record all keys are made up, and always the same", () => {
  const once = withPlaceholders(undefined, [HOME], orgs);
  expect(Object.keys(once.homes.home?.orgs ?? {})).toEqual(["old", "new", "other"]);
  expect(withPlaceholders(undefined, [HOME], orgs)).toEqual(once);
});

test("an S3-compatible store gets no key of its own", () => {
  const storage = { s3Endpoint: "https://s3.example.com" };
  const { home } = withPlaceholders(undefined, [{ ...HOME, storage }], orgs).homes;
  expect(home).not.toHaveProperty("kmsKeyArn");
  expect(isPlaceholder(home?.orgs.new?.kmsKeyArn)).toBe(true);
});

test.each(["sse-s3", "none"] as const)(
  "nor do the orgs of a store with encryption %s",
  (encryption) => {
    const storage = { s3Endpoint: "https://s3.example.com", encryption };
    expect(withPlaceholders(undefined, [{ ...HOME, storage }], orgs).homes.home?.orgs).toEqual({});
  },
);

test("a registry has made-up keys only in the folder of a rehearsal", () => {
  const saved = { ...process.env };
  const keys = () => OrgRegistry.of({ homes: [HOME], orgs }).orgs.map((org) => org.state.kmsKeyArn);
  const none = [undefined, undefined, undefined];
  expect(keys()).toEqual(none);
  process.env[PLACEHOLDERS_VARIABLE] = "/tmp/rehearsal";
  expect(keys()).toEqual(none);
  process.env.CDKTF_OUTDIR = "cdktf.out";
  expect(keys()).toEqual(none);
  process.env.CDKTF_OUTDIR = "/tmp/rehearsal";
  expect(keys().every(isPlaceholder)).toBe(true);
  process.env = saved;
});
