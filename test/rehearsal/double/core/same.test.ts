import { keepSame } from "../../../../lib/rehearsal/double/core/same";
import { type ObjectValue, UNKNOWN, type Value } from "../../../../lib/rehearsal/double/core/value";

/** The value that stays planned. */
function planned(value: Value, prior: Value, rules = {}): Value | undefined {
  const object: ObjectValue = { it: value };
  keepSame(object, { it: prior }, rules);
  return object.it;
}

test.each([
  ["an empty text", ""],
  ["false", false],
  ["zero", 0],
  ["an empty list", []],
  ["an empty map", {}],
  ["nothing", null],
])("a missing argument does not change %s", (_what, prior) => {
  expect(planned(null, prior)).toEqual(prior);
});

test.each([
  ["a text is removed", null, "before"],
  ["true becomes false", false, true],
  ["a list becomes empty", [], ["before"]],
  ["a default is set", false, null],
  ["a value is not known yet", UNKNOWN, ""],
  ["an element is added", ["a", "b"], ["a"]],
] as const)("it is a change if %s", (_what, value, prior) => {
  expect(planned(value, prior)).toEqual(value);
});

test("an empty text or list does not change nothing", () => {
  expect(planned("", null)).toBeNull();
  expect(planned([], null)).toBeNull();
});

test("elements of a set that differ in empty members only stay as they are, in any order", () => {
  const prior = [
    { id: "a", note: "" },
    { id: "b", note: "x" },
  ];
  const value = [
    { id: "b", note: "x" },
    { id: "a", note: null },
  ];
  expect(planned(value, prior)).toEqual([prior[1], prior[0]]);
});

test("blocks that changed keep what did not change", () => {
  const prior = [{ id: "a", note: "", on: false }];
  expect(planned([{ id: "b", note: null, on: null }], prior)).toEqual([
    { id: "b", note: "", on: false },
  ]);
});

test("JSON changes if it says something else", () => {
  const rules = { json: ["it"] };
  expect(planned('{"b": 1, "a": 2}', '{"a":2,"b":1}', rules)).toBe('{"a":2,"b":1}');
  expect(planned('{"b": 1, "a": 2}', '{"a":2,"b":1}')).toBe('{"b": 1, "a": 2}');
  expect(planned('{"b":2}', '{"b":1}', rules)).toBe('{"b":2}');
  expect(planned("no JSON", '{"b":1}', rules)).toBe("no JSON");
});
