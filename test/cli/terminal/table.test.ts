import type { Io } from "../../../lib/cli/terminal/io";
import { renderTable } from "../../../lib/cli/terminal/table";

const rows = [["na-prod", "orgs/na-prod/a/very/long/folder/terraform.tfstate", "s3"]];
const table = (columns?: number, isTTY = false) => {
  const stdout = { columns, isTTY, write: () => true };
  const io = { stdout, stderr: stdout, env: {} } as unknown as Io;
  return renderTable(io, ["organisation", "state key", "lock"], rows).trimEnd().split("\n");
};

test.each([40, 60])("a table is not wider than a terminal of %i columns", (columns) => {
  const lines = table(columns);
  expect(Math.max(...lines.map((line) => line.length))).toBe(columns);
  const keys = lines.map((line) => line.split("│")[2]?.trim() ?? "");
  expect(keys.join("")).toContain(rows[0]?.[1]);
});

test("a table that fits, or is not for a terminal, has a line for each row", () => {
  expect(table(200)).toHaveLength(5);
  expect(table()).toEqual(table(200));
});

test("a very narrow terminal gets readable columns all the same", () => {
  expect(Math.max(...table(10).map((line) => line.length))).toBe(24 + 4 - 2);
});
