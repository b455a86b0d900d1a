import { matchesPattern } from "./match-pattern";
import { OPERATORS } from "./operator-table";

test.each(OPERATORS)("%j, with %j: %s", (pattern, event, matches) =>
  expect(matchesPattern(pattern, event)).toBe(matches),
);

test("an unknown operator is an error, not a guess", () => {
  expect(() => matchesPattern({ a: [{ numeric: [">", 1] }] }, { a: 2 })).toThrow(
    "the pattern has numeric, which this matcher does not know",
  );
});
