import { verdict } from "../support/policies/rows";
import { cases } from "./policies";

// What AWS makes of the synthesized policies.
describe.each(cases())("$name", ({ world, rows }) => {
  test.each([...rows])("$what", async (row) => {
    expect(await verdict(row, world.documents)).toBe(row.allowed);
  });
});
