import {
  compareLooks,
  differencesIn,
  objectsOf,
  sift,
} from "../../../../lib/cli/commands/drift/differences";
import type { KnownDriftEntry } from "../../../../lib/registry/model";
import type { ResourceChange } from "../../../../lib/terraform/changes/planned-changes";

type Change = ResourceChange["change"];

const NOW = Date.parse("2026-11-29T12:00:00Z");
const change = (before: unknown, after: unknown, patch: Partial<Change> = {}): Change => ({
  actions: [after === null ? "delete" : "update"],
  before,
  after,
  ...patch,
});
const look = (changes: Readonly<Record<string, Change>>, patch: Partial<ResourceChange> = {}) =>
  differencesIn({
    resource_drift: Object.entries(changes).map(([address, change]) => ({
      address,
      mode: "managed",
      type: address.split(".")[0] ?? "",
      change,
      ...patch,
    })),
  });
/** Differences as `address: path`, those of a whole object without a path. */
const textOf = (differences: ReturnType<typeof look>) =>
  differences.map(({ object: { address, action }, attribute }) =>
    attribute ? `${address}: ${attribute.path}` : `${action} ${address}`,
  );

test("each changed attribute is a difference, and so is a deleted object", () => {
  expect(
    textOf(
      look({
        "x_a.one": change({ a: 1, b: { c: "x" }, same: true }, { a: 2, b: { c: "y" }, same: true }),
        "x_a.two": change({ a: 1, b: 2 }, null),
      }),
    ),
  ).toEqual(["x_a.one: a", "x_a.one: b.c", "delete x_a.two"]);
});

test("a value that only the service computes is a difference as well", () => {
  expect(textOf(look({ "x_a.one": change({ etag: "1" }, { etag: "2" }) }))).toEqual([
    "x_a.one: etag",
  ]);
});

test.each([
  [null, ""],
  [null, []],
  [{}, null],
  ["", []],
])("%j and %j are the same: the older plugin SDK does not distinguish them", (before, after) => {
  expect(look({ "x_a.one": change({ a: before }, { a: after }) })).toEqual([]);
});

test.each([
  [null, false],
  [null, 0],
  ["x", ""],
])("%j and %j differ", (before, after) => {
  expect(look({ "x_a.one": change({ a: before }, { a: after }) })).toHaveLength(1);
});

test("an object that differs in nothing that Terraform shows is a difference without an attribute", () => {
  const found = look({ "x_a.one": change({ list: [null] }, { list: [null, null] }) });
  expect(textOf(found)).toEqual(["update x_a.one"]);
  expect(objectsOf(found)).toMatchObject([{ address: "x_a.one", attributes: [] }]);
});

test("a moved object is no difference, and neither is a data source", () => {
  const moved = change({ a: 1 }, { a: 1 }, { actions: ["no-op"] });
  expect(look({ "x_a.new": moved }, { previous_address: "x_a.old" })).toEqual([]);
  expect(look({ "data.x_a.one": change({ a: 1 }, { a: 2 }) }, { mode: "data" })).toEqual([]);
});

test("a secret that was changed is a difference, and its value is nowhere", () => {
  const sensitive = { before_sensitive: { key: true }, after_sensitive: { key: true } };
  const found = look({
    "x_a.one": change({ key: "test-secret-1" }, { key: "test-secret-2" }, sensitive),
  });
  expect(textOf(found)).toEqual(["x_a.one: key"]);
  expect(JSON.stringify(found)).not.toContain("test-secret");
});

describe("two looks", () => {
  const first = look({
    "x_a.lasting": change({ a: 1, b: 1 }, { a: 2, b: 2 }),
    "x_a.moving": change({ a: 1 }, { a: 2 }),
    "x_a.gone": change({ a: 1 }, { a: 2 }),
    "x_a.deleted": change({ a: 1 }, null),
    "x_a.back": change({ a: 1 }, null),
  });
  const second = look({
    "x_a.lasting": change({ a: 1, b: 1 }, { a: 2, b: 1 }),
    "x_a.moving": change({ a: 1 }, { a: 3 }),
    "x_a.deleted": change({ a: 1 }, null),
    "x_a.back": change({ a: 1 }, { a: 2 }),
    "x_a.late": change({ a: 1 }, { a: 2 }),
  });
  const { lasting, transient } = compareLooks(first, second);

  test("agree on what lasts: the same attribute with the same value", () => {
    expect(textOf([...lasting])).toEqual(["delete x_a.deleted", "x_a.lasting: a"]);
    expect(objectsOf(lasting)).toMatchObject([
      { address: "x_a.deleted", action: "delete", attributes: [{ path: "a" }] },
      { address: "x_a.lasting", action: "update", attributes: [{ path: "a" }] },
    ]);
  });

  test("differ about everything else, which is named once", () => {
    expect(textOf([...transient])).toEqual([
      "delete x_a.back",
      "x_a.gone: a",
      "x_a.lasting: b",
      "x_a.moving: a",
      "x_a.back: a",
      "x_a.late: a",
    ]);
  });
});

describe("an entry of the registry", () => {
  const entry = (patch: Partial<KnownDriftEntry>): KnownDriftEntry => ({
    address: "x_a.one",
    reason: "somebody changes it by hand",
    until: "2026-11-29",
    ...patch,
  });
  const found = look({
    "x_a.one": change({ tags: { owner: "a", team: "b" }, tagsets: 1 }, { tags: {}, tagsets: 2 }),
    'x_a.each["one.b"]': change(
      { rings: [{ at: 1 }, { at: 1 }] },
      { rings: [{ at: 2 }, { at: 2 }] },
    ),
    "x_a.two": change({ a: 1 }, null),
  });
  const knownBy = (patch: Partial<KnownDriftEntry>) =>
    textOf([...sift(found, [entry(patch)], NOW).known]);

  test.each<[string, Partial<KnownDriftEntry>, string[]]>([
    ["an object", {}, ["x_a.one: tags.owner", "x_a.one: tags.team", "x_a.one: tagsets"]],
    ["an attribute", { attribute: "tagsets" }, ["x_a.one: tagsets"]],
    [
      "an attribute with all below it",
      { attribute: "tags" },
      ["x_a.one: tags.owner", "x_a.one: tags.team"],
    ],
    [
      "any item of a list",
      { address: "x_a.each*", attribute: "rings.*.at" },
      ['x_a.each["one.b"]: rings.0.at', 'x_a.each["one.b"]: rings.1.at'],
    ],
    [
      "an instance",
      { address: 'x_a.each["one.b"]', attribute: "rings.0" },
      ['x_a.each["one.b"]: rings.0.at'],
    ],
    ["a deleted object", { address: "x_a.two" }, ["delete x_a.two"]],
    ["no deleted object, if it names an attribute", { address: "x_a.two", attribute: "a" }, []],
    ["nothing of which it names only a part", { address: "x_a.o" }, []],
    ["nothing after its last day", { until: "2026-11-28" }, []],
  ])("accepts %s", (_, patch, expected) => {
    expect(knownBy(patch)).toEqual(expected);
  });

  test("leaves the other differences open", () => {
    const { open, known } = sift(found, [entry({})], NOW);
    expect([open.length, known.length]).toEqual([3, 3]);
    expect(known[0]?.entry.reason).toBe("somebody changes it by hand");
  });
});
