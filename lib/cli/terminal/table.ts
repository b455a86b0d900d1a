import Table from "cli-table3";
import { coloursFor, type Io } from "./io";

/** Returns a table for stdout, with colours only on a terminal. */
export function renderTable(
  io: Io,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const colours = coloursFor(io.stdout, io.env);
  const table = new Table({
    head: head.map(colours.bold),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  return `${table.toString()}\n`;
}
