import { type ObjectValue, UNKNOWN } from "../../../../lib/rehearsal/double/core/value";
import { arnOf, computed, plan } from "./configured";

const type = "aws_ssm_parameter";
const long = "x".repeat(4097);

test("a parameter has its name as its id", () => {
  expect(computed(type, { name: "/a/b" })).toMatchObject({
    id: "/a/b",
    arn: arnOf("ssm", "parameter/a/b"),
  });
});

test("the version of a parameter that changes is not known", () => {
  const prior = { value: "a", version: 1, description: null };
  const versionOf = (planned: ObjectValue) => {
    plan(type, planned, prior);
    return planned.version;
  };
  expect(versionOf({ ...prior, value: "b" })).toBe(UNKNOWN);
  expect(versionOf({ ...prior })).toBe(1);
});

test("a parameter says whether its value was write-only", () => {
  const planned = { name: "a" };
  expect(computed(type, planned, { config: { value_wo: "x" } })).toMatchObject({
    has_value_wo: true,
  });
  expect(computed(type, planned)).toMatchObject({ has_value_wo: false });
});

test("whether it still is, is not known when the version of the value changes", () => {
  const prior = { value_wo_version: 1, has_value_wo: true };
  const planned: ObjectValue = { ...prior, value_wo_version: null };
  plan(type, planned, prior);
  expect(planned.has_value_wo).toBe(UNKNOWN);
});

test("a long value is refused in a standard parameter, not in an advanced one", () => {
  expect(() => plan(type, { tier: UNKNOWN, value: long })).toThrow('set tier to "Advanced"');
  expect(() => plan(type, { tier: "Advanced", value: long })).not.toThrow();
});
