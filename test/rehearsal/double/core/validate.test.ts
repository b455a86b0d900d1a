import type { Limit, Rules } from "../../../../lib/rehearsal/double/core/rules";
import { validate } from "../../../../lib/rehearsal/double/core/validate";
import { type ObjectValue, UNKNOWN, type Value } from "../../../../lib/rehearsal/double/core/value";
import { WIDGET } from "./widget";

const messages = (rules: Rules, config: ObjectValue) =>
  validate(WIDGET, rules, { name: "a", part: [], ...config }).map(({ message }) => message);

test("a value for a computed attribute is refused", () => {
  expect(messages({}, { arn: "mine" })).toEqual([
    expect.stringMatching(/^Value for unconfigurable attribute: Can't configure a value for "arn"/),
  ]);
});

test("a value for a computed attribute of a nested block is refused, even if it is not known yet", () => {
  expect(messages({}, { part: [{ label: "x", serial: UNKNOWN }] })).toEqual([
    expect.stringContaining('"part.serial"'),
  ]);
});

test("a value for an attribute that is optional and computed is accepted", () => {
  expect(messages({}, { id: "mine" })).toEqual([]);
});

test("attributes in conflict are refused only if both are set", () => {
  const rules = { conflicts: { size: ["tags"] } };
  expect(messages(rules, { size: 1, tags: {} })).toEqual([
    'Conflicting configuration arguments: "size": conflicts with tags',
  ]);
  expect(messages(rules, { size: 1, tags: null })).toEqual([]);
});

test("a missing block is not in conflict with anything", () => {
  expect(messages({ conflicts: { size: ["part"] } }, { size: 1 })).toEqual([]);
});

test("an attribute that another one requires must be set", () => {
  const rules = { requires: { secret_wo: ["secret_wo_version"] } };
  expect(messages(rules, { secret_wo: UNKNOWN })).toEqual([
    'Missing required argument: "secret_wo": all of `secret_wo,secret_wo_version` must be specified',
  ]);
  expect(messages(rules, { secret_wo: "x", secret_wo_version: 1 })).toEqual([]);
  expect(messages(rules, {})).toEqual([]);
});

test("exactly one of a group", () => {
  const rules = { exactlyOneOf: [["size", "tags"]] };
  expect(messages(rules, {})).toEqual([
    "Invalid combination of arguments: one of `size,tags` must be specified",
  ]);
  expect(messages(rules, { size: 1, tags: {} })).toEqual([
    "Invalid combination of arguments: only one of `size,tags` must be specified, not 2",
  ]);
  expect(messages(rules, { size: 1 })).toEqual([]);
});

test("at least one of a group", () => {
  const rules = { atLeastOneOf: [["size", "tags"]] };
  expect(messages(rules, {})).toHaveLength(1);
  expect(messages(rules, { size: 1, tags: {} })).toEqual([]);
});

test.each([
  [{ min: 1, max: 5 }, 6, "to be in the range (1 - 5), got 6"],
  [{ min: 1 }, 0, "to be at least (1), got 0"],
  [{ max: 5 }, 6, "to be at most (5), got 6"],
  [{ min: 7, max: 30, or: 0 }, 3, "to be 0 or in the range (7 - 30), got 3"],
  [{ oneOf: ["a", "b"] }, "c", 'to be one of ["a","b"], got c'],
  [{ oneOf: [1, 3] }, 2, "to be one of [1,3], got 2"],
  [{ minLength: 2 }, "x", "to have at least 2 characters, got 1"],
  [{ maxLength: 2 }, "xyz", "to have at most 2 characters, got 3"],
  [{ pattern: "^a" }, "b", "to match ^a, got b"],
  [{ json: true }, "{", "to be valid JSON"],
  [{ minLength: 2 }, ["xy", "z"], "to have at least 2 characters, got 1"],
])("%j refuses %j", (rule, value, problem) => {
  expect(messages({ limits: { size: rule } }, { size: value })).toEqual([
    `Invalid value for "size": expected size ${problem}`,
  ]);
});

test.each<[Limit, Value]>([
  [{ min: 1, max: 5 }, 5],
  [{ min: 7, max: 30, or: 0 }, 0],
  [{ oneOf: ["A"], ignoreCase: true }, "a"],
  [{ oneOf: [1, 3] }, 3],
  [{ json: true }, "{}"],
  [{ json: true, maxLength: 2 }, "{\n}"],
  [{ min: 1 }, UNKNOWN],
  [{ min: 1 }, null],
])("%j accepts %p", (rule, value) => {
  expect(messages({ limits: { size: rule } }, { size: value })).toEqual([]);
});

test("values are checked in every nested block", () => {
  const rules = { limits: { "part.label": { oneOf: ["a"] } } };
  expect(messages(rules, { part: [{ label: "a" }, { label: "b" }] })).toHaveLength(1);
});
