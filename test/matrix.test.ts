import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./support/consumer-project";
import { pageText } from "./support/pages";
import { ROOT } from "./support/synthesized-app";

const legs = run(process.execPath, ["scripts/matrix.mjs", "--list"], ROOT)
  .trim()
  .split("\n")
  .map((line) => line.split(":")[0] ?? "");
const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

test("the package admits the versions of Node.js that the matrix runs, and no others", () => {
  const majors = legs.flatMap((leg) => /^node-(\d+)$/.exec(leg)?.[1] ?? []);
  expect(engines.node).toBe(majors.join(" || "));
});

test("docs/engines.md has a result for each leg of the matrix", () => {
  const rows = [...pageText("docs/engines.md").matchAll(/^\| (\S+) \| \d+\.\d+\.\d+ \|.*/gm)];
  expect(rows.map(([, leg]) => leg)).toEqual(legs);
  for (const [row] of rows) expect(row).toMatch(/\| passed \| \d{4}-\d\d-\d\d \|$/);
});

test("a leg that does not exist is an error", () => {
  expect(() => run(process.execPath, ["scripts/matrix.mjs", "node-1"], ROOT)).toThrow(
    "there is no leg node-1",
  );
});
