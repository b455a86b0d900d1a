import { conform, fill, plan } from "../../../../lib/rehearsal/double/core/plan";
import { type ObjectValue, UNKNOWN } from "../../../../lib/rehearsal/double/core/value";
import { WIDGET } from "./widget";

const config: ObjectValue = {
  id: null,
  name: "a",
  size: null,
  secret_wo: "write-only",
  secret_wo_version: 1,
  arn: null,
  tags: null,
  part: [{ label: "x", place: null, serial: null }],
};
const prior: ObjectValue = {
  ...config,
  id: "1",
  arn: "arn:1",
  secret_wo: null,
  part: [{ label: "x", place: "home", serial: "s1" }],
};

describe("a creation", () => {
  const { planned, replace } = plan(WIDGET, {}, { prior: null, proposed: config, config });

  test("leaves computed values unknown, also in nested blocks", () => {
    expect(planned).toMatchObject({ id: UNKNOWN, arn: UNKNOWN });
    expect(planned.part).toEqual([{ label: "x", place: UNKNOWN, serial: UNKNOWN }]);
  });

  test("never plans a write-only value", () => expect(planned.secret_wo).toBeNull());

  test("leaves arguments that are not set as they are", () => expect(planned.size).toBeNull());

  test("replaces nothing", () => expect(replace).toEqual([]));

  test("fills in the provider's defaults", () => {
    const rules = { defaults: { size: 3 } };
    expect(plan(WIDGET, rules, { prior: null, proposed: config, config }).planned.size).toBe(3);
  });
});

test("a default is set in the objects of a list or a set as well", () => {
  const block = {
    attributes: {
      phones: { type: ["set", ["object", { kind: "string", number: "string" }]], optional: true },
    },
  } as const;
  const proposed = { phones: [{ kind: null, number: "1" }] };
  const rules = { defaults: { "phones.kind": "WORK" } };
  expect(plan(block, rules, { prior: null, proposed, config: proposed }).planned).toEqual({
    phones: [{ kind: "WORK", number: "1" }],
  });
});

describe("an update", () => {
  const change = (proposed: ObjectValue) =>
    plan(
      WIDGET,
      { forceNew: ["name", "part.label", "secret_wo_version"] },
      { prior, proposed, config },
    );

  test("keeps computed values", () => {
    expect(change({ ...prior, size: 2 }).planned).toMatchObject({ id: "1", arn: "arn:1", size: 2 });
  });

  test("does not know the computed values of a new nested block", () => {
    const part = [{ label: "y", place: null, serial: null }];
    expect(change({ ...prior, part }).planned.part).toEqual([
      { label: "y", place: UNKNOWN, serial: UNKNOWN },
    ]);
  });

  test.each([
    ["an attribute", { name: "b" }, ["name"]],
    ["one in a nested block", { part: [{ label: "z", place: null, serial: null }] }, ["part"]],
    ["the version of a write-only value", { secret_wo_version: 2 }, ["secret_wo_version"]],
    ["a value that is not known yet", { name: UNKNOWN }, ["name"]],
    ["another attribute", { size: 7 }, []],
    ["nothing", {}, []],
  ])("that changes %s replaces by %j", (_what, patch, replace) => {
    expect(change({ ...prior, ...(patch as ObjectValue) }).replace).toEqual(replace);
  });

  test("does not replace for what is missing, and false or empty before", () => {
    const rules = { forceNew: ["size"] };
    const before = { ...prior, size: 0 };
    const result = plan(WIDGET, rules, {
      prior: before,
      proposed: { ...prior, size: null },
      config,
    });
    expect(result).toEqual({ planned: expect.objectContaining({ size: 0 }), replace: [] });
  });

  test("does not replace for a set in another order", () => {
    const part = ["a", "b"].map((label) => ({ label, place: "home", serial: "s" }));
    const rules = { forceNew: ["part"] };
    const before = { ...prior, part };
    const proposed = { ...prior, part: [...part].reverse() };
    expect(plan(WIDGET, rules, { prior: before, proposed, config }).replace).toEqual([]);
  });
});

test("every unknown value is filled in, according to its path", () => {
  const planned: ObjectValue = { id: UNKNOWN, name: "a", part: [{ label: "x", place: UNKNOWN }] };
  const filled = fill(WIDGET, planned, (path, name) => `${path}/${name}`);
  expect(filled).toEqual({ id: "/id", name: "a", part: [{ label: "x", place: "part/place" }] });
});

test("stored state is brought into the schema's shape", () => {
  const conformed = conform(WIDGET, { name: "a", gone: true, part: [{ label: "x", old: 1 }] });
  expect(Object.keys(conformed)).toEqual([...Object.keys(WIDGET.attributes ?? {}), "part"]);
  expect(conformed).toMatchObject({ name: "a", size: null });
  expect(conformed.part).toEqual([{ label: "x", place: null, serial: null }]);
  expect(conform(WIDGET, {}).part).toEqual([]);
});
