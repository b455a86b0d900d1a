import {
  changedOutputs,
  digestOf,
  type PlanJson,
  plannedChanges,
  type ResourceChange,
} from "../../../lib/terraform/changes/planned-changes";

const SECRET = "test-secret-of-a-plan";
const planOf = (...changes: Partial<ResourceChange>[]): PlanJson => ({
  resource_changes: changes.map((change) => ({
    address: "aws_x.one",
    mode: "managed",
    type: "aws_x",
    change: { actions: ["update"], before: { a: 1 }, after: { a: 2 } },
    ...change,
  })),
});
const change = (change: ResourceChange["change"]) => plannedChanges(planOf({ change }))[0];

test.each([
  [["create"], "create"],
  [["update"], "update"],
  [["delete"], "delete"],
  [["delete", "create"], "replace"],
  [["create", "delete"], "replace"],
  [["forget"], "forget"],
])("%j is %s", (actions, action) => {
  expect(change({ actions, before: { a: 1 }, after: { a: 2 } })?.action).toBe(action);
});

test("what is only read, or does not change, is no change", () => {
  const noOp = { actions: ["no-op"], before: {}, after: {} };
  const read = { actions: ["read"], before: null, after: {} };
  expect(plannedChanges(planOf({ change: noOp }, { change: read, mode: "data" }))).toEqual([]);
});

test("an object that is imported or moved without a change is one", () => {
  const change = { actions: ["no-op"], before: { a: 1 }, after: { a: 1 } };
  expect(
    plannedChanges(
      planOf(
        { address: "aws_x.a", change: { ...change, importing: { id: "i" } } },
        { address: "aws_x.b", change, previous_address: "aws_x.old" },
      ),
    ),
  ).toEqual([
    { address: "aws_x.a", type: "aws_x", action: "import", attributes: [] },
    { address: "aws_x.b", type: "aws_x", action: "move", attributes: [], movedFrom: "aws_x.old" },
  ]);
});

test("changed attributes are named by path, and no value is kept", () => {
  const { attributes = [] } =
    change({
      actions: ["update"],
      before: {
        name: "old-name",
        tags: { owner: "a", same: "x" },
        list: [{ port: 1 }, { port: 2 }],
        password: SECRET,
      },
      after: {
        name: "new-name",
        tags: { owner: "b", same: "x" },
        list: [{ port: 1 }],
        password: `${SECRET}-2`,
      },
      before_sensitive: { password: true },
      after_sensitive: { password: true, tags: {} },
      after_unknown: { arn: true, tags: {} },
    }) ?? {};
  expect(attributes.map(({ path }) => path)).toEqual([
    "arn",
    "list.1.port",
    "name",
    "password",
    "tags.owner",
  ]);
  expect(attributes[0]).toEqual({ path: "arn", after: "unknown" });
  expect(attributes[3]).toEqual({ path: "password", before: "sensitive", after: "sensitive" });
  const kept = JSON.stringify(attributes);
  for (const value of [SECRET, "old-name", "new-name"]) expect(kept).not.toContain(value);
});

test("a sensitive value that stays the same is no change", () => {
  const same = { a: 1, password: SECRET };
  const sensitive = { password: true };
  const { attributes } =
    change({
      actions: ["update"],
      before: same,
      after: { ...same, a: 2 },
      before_sensitive: sensitive,
      after_sensitive: sensitive,
    }) ?? {};
  expect(attributes?.map(({ path }) => path)).toEqual(["a"]);
});

test("two plans with the same changes have one digest, whatever their order and their unchanged values", () => {
  const one = planOf({ address: "aws_x.a" }, { address: "aws_x.b" });
  const other = planOf(
    { address: "aws_x.b" },
    {
      address: "aws_x.a",
      change: { actions: ["update"], before: { a: 1, b: 9 }, after: { b: 9, a: 2 } },
    },
  );
  expect(digestOf(plannedChanges(one))).toBe(digestOf(plannedChanges(other)));
});

test.each<[string, Partial<ResourceChange>]>([
  ["another value", { change: { actions: ["update"], before: { a: 1 }, after: { a: 3 } } }],
  ["another value before", { change: { actions: ["update"], before: { a: 0 }, after: { a: 2 } } }],
  [
    "another action",
    { change: { actions: ["delete", "create"], before: { a: 1 }, after: { a: 2 } } },
  ],
  ["another address", { address: "aws_x.two" }],
  ["another attribute", { change: { actions: ["update"], before: { b: 1 }, after: { b: 2 } } }],
  [
    "a value that is not known yet",
    { change: { actions: ["update"], before: { a: 1 }, after: {}, after_unknown: { a: true } } },
  ],
  ["a move", { previous_address: "aws_x.zero" }],
])("%s makes another digest", (_, patch) => {
  expect(digestOf(plannedChanges(planOf(patch)))).not.toBe(digestOf(plannedChanges(planOf({}))));
});

test("a new and a deleted object have each of their attributes, and nothing else", () => {
  const created = change({ actions: ["create"], before: null, after: { a: 1, b: null } });
  const deleted = change({ actions: ["delete"], before: { a: 1 }, after: null });
  expect([created, deleted].map((each) => each?.attributes.map(({ path }) => path))).toEqual([
    ["a"],
    ["a"],
  ]);
});

test("changed outputs are named", () => {
  expect(
    changedOutputs({
      output_changes: {
        b: { actions: ["update"] },
        a: { actions: ["create"] },
        c: { actions: ["no-op"] },
      },
    }),
  ).toEqual(["a", "b"]);
});

test("other outputs make another digest", () => {
  const changes = plannedChanges(planOf({}));
  expect(digestOf(changes, ["a"])).not.toBe(digestOf(changes, ["b"]));
});
