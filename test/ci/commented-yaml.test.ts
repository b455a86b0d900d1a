import { before, below, toYaml } from "../../lib/ci/commented-yaml";

test("comments are above a field, and at the end of a line", () => {
  const value = {
    name: "a",
    jobs: {
      one: below("Two\nlines.", { uses: before("x@1", "v1"), left: undefined }),
      two: { steps: [{ run: "a\nb\n" }, { run: "c" }] },
    },
  };
  expect(toYaml(value, "Heading.\nMore.", ["jobs"])).toBe(`# Heading.
# More.

name: a

jobs:
  # Two
  # lines.
  one:
    uses: x@1 # v1

  two:
    steps:
      - run: |
          a
          b
      - run: c
`);
});

test("lists of names are on one line, and other lists are not", () => {
  expect(toYaml({ a: ["x", "y-1"], b: ["echo x"], c: [], d: {} }, "H")).toBe(
    "# H\n\na: [x, y-1]\n\nb:\n  - echo x\n\nc: []\n\nd: {}\n",
  );
});

test("long lines are not folded", () => {
  const line = "word ".repeat(60).trim();
  expect(toYaml({ a: line }, "H")).toBe(`# H\n\na: ${line}\n`);
});
