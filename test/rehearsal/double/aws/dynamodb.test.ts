import { type ObjectValue, UNKNOWN } from "../../../../lib/rehearsal/double/core/value";
import { arnOf, computed, plan as planOf } from "./configured";

const type = "aws_dynamodb_table";

test("a table has its name as its id, and a stream when it is asked for one", () => {
  const arn = arnOf("dynamodb", "table/locks");
  expect(computed(type, { name: "locks" })).toMatchObject({ id: "locks", arn, stream_arn: "" });
  expect(computed(type, { name: "locks", stream_enabled: true })?.stream_arn).toMatch(
    new RegExp(`^${arn}/stream/`),
  );
});

describe("the plan of a table", () => {
  const table: ObjectValue = {
    billing_mode: "PAY_PER_REQUEST",
    hash_key: "LockID",
    range_key: null,
    read_capacity: UNKNOWN,
    write_capacity: UNKNOWN,
    attribute: [{ name: "LockID", type: "S" }],
    global_secondary_index: [],
  };
  const plan = (patch: ObjectValue, prior: ObjectValue | null = null) =>
    planOf(type, { ...table, ...patch }, prior);

  test.each<[string, ObjectValue]>([
    ["on demand", {}],
    ["with a capacity", { billing_mode: "PROVISIONED", read_capacity: 1, write_capacity: 1 }],
    ["whose key is not known yet", { hash_key: UNKNOWN }],
  ])("%s passes", (_what, patch) => {
    expect(() => plan(patch)).not.toThrow();
  });

  test.each<[string, ObjectValue, string]>([
    [
      "a key that is not an attribute",
      { global_secondary_index: [{ hash_key: "Owner", range_key: null }] },
      'Unmatched indexes: ["Owner"]',
    ],
    ["an attribute that is not a key", { hash_key: null }, 'Unused attributes: ["LockID"]'],
    [
      "no capacity where it is provisioned",
      { billing_mode: "PROVISIONED", write_capacity: 1 },
      'read_capacity must be at least 1 when billing_mode is "PROVISIONED"',
    ],
    [
      "a capacity on demand",
      { read_capacity: 5 },
      'read_capacity can not be set when billing_mode is "PAY_PER_REQUEST"',
    ],
  ])("is refused for %s", (_what, patch, problem) => {
    expect(() => plan(patch)).toThrow(problem);
  });

  test("does not ask for a capacity once the table exists", () => {
    expect(() => plan({ billing_mode: "PROVISIONED" }, table)).not.toThrow();
  });
});
