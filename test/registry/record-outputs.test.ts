import { recordOutputs, recordText } from "../../lib/registry/record-outputs";
import { homeReport } from "../rehearsal/reports";
import { keyArn } from "../support/sample-org";

const home = homeReport("production");
const place = { account: "111111111111", region: "us-east-1", bucket: "states-production" };
const other = {
  account: "222222222222",
  region: "eu-west-1",
  bucket: "other",
  orgs: {
    sandbox: {
      kmsKeyArn: "arn:aws:kms:eu-west-1:222222222222:key/00000000-0000-4000-8000-000000000009",
    },
  },
};
const outputs = (own: unknown, orgs: Record<string, unknown> = {}) => ({
  home: own,
  orgs: new Map(Object.entries(orgs)),
});

test("a first record has the home's place and key, and no org", () => {
  expect(recordOutputs(undefined, home, outputs(keyArn(1), { "na-prod": undefined }))).toEqual({
    record: {
      version: 1,
      homes: { production: { ...place, kmsKeyArn: keyArn(1), orgs: {} } },
    },
    changes: [{ path: "homes.production.kmsKeyArn", after: keyArn(1) }],
  });
});

test("homes and orgs are sorted, whatever the order of the outputs", () => {
  const record = { version: 1, homes: { "z-last": other } };
  const one = recordOutputs(record, home, outputs(keyArn(1), { b: keyArn(2), a: keyArn(3) }));
  const two = recordOutputs(record, home, outputs(keyArn(1), { a: keyArn(3), b: keyArn(2) }));
  expect(recordText(one.record)).toBe(recordText(two.record));
  expect(Object.keys(one.record.homes)).toEqual(["production", "z-last"]);
  expect(Object.keys(one.record.homes.production?.orgs ?? {})).toEqual(["a", "b"]);
});

test("keys without a new output stay, and so do those of other homes", () => {
  const production = { ...place, kmsKeyArn: keyArn(1), orgs: { a: { kmsKeyArn: keyArn(2) } } };
  const before = { version: 1, homes: { production, sandbox: { ...other, orgs: {} } } };
  const { record, changes } = recordOutputs(before, home, outputs(undefined, { b: keyArn(3) }));
  expect(record).toEqual({
    version: 1,
    homes: {
      ...before.homes,
      production: {
        ...production,
        orgs: { a: { kmsKeyArn: keyArn(2) }, b: { kmsKeyArn: keyArn(3) } },
      },
    },
  });
  expect(changes).toEqual([{ path: "homes.production.orgs.b.kmsKeyArn", after: keyArn(3) }]);
});

test("a different key is refused without `replace`, and the same key is no change", () => {
  const { record } = recordOutputs(undefined, home, outputs(keyArn(1), { a: keyArn(2) }));
  expect(recordOutputs(record, home, outputs(keyArn(1), { a: keyArn(2) })).changes).toEqual([]);
  const another = outputs(keyArn(1), { a: keyArn(3) });
  expect(() => recordOutputs(record, home, another)).toThrow(
    `homes.production.orgs.a.kmsKeyArn is ${keyArn(2)} and would become ${keyArn(3)}`,
  );
  expect(recordOutputs(record, home, another, true).changes).toEqual([
    { path: "homes.production.orgs.a.kmsKeyArn", before: keyArn(2), after: keyArn(3) },
  ]);
});

test("all mistakes that the record would have are reported with their paths", () => {
  const elsewhere = keyArn(1).replace("us-east-1", "eu-west-1");
  const wrong = { a: "alias/a", b: keyArn(2), c: keyArn(2), d: { secret: 1 } };
  expect(() => recordOutputs(undefined, home, outputs(elsewhere, wrong))).toThrow(
    [
      "The outputs of home production's stacks cannot be recorded:",
      '  record: homes.production.orgs.a.kmsKeyArn is "alias/a": give the key\'s full ARN, not an alias or an id [record-kms-key]',
      "  record: homes.production.orgs.d.kmsKeyArn is an object: give text [type]",
      `  record: homes.production.kmsKeyArn is "${elsewhere}": give a key in account 111111111111 and region us-east-1, like home production [record-kms-home]`,
      `  b, c: recorded KMS key is "${keyArn(2)}" in both: correct the record, because each org has its own key [kms-key-shared]`,
    ].join("\n"),
  );
});

test("another home's key is not recorded, since the next synthesis would refuse it", () => {
  const kmsKeyArn = keyArn(1);
  const same = { ...other, account: "111111111111", region: "us-east-1", kmsKeyArn, orgs: {} };
  const before = { version: 1, homes: { sandbox: same } };
  expect(() => recordOutputs(before, home, outputs(keyArn(1)))).toThrow(
    "homes.sandbox.kmsKeyArn is",
  );
  expect(() => recordOutputs(before, home, outputs(keyArn(2), { a: keyArn(1) }))).toThrow(
    /homes\.production\.orgs\.a\.kmsKeyArn is .*: correct the record; this is home sandbox's own key/,
  );
});
