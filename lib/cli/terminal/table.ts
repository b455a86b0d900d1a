import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import { coloursFor, type Io } from "./io";

/** The narrowest column that is still readable. */
const LEAST_WIDTH = 8;

/**
 * Returns a table for stdout, with colours only on a terminal. Where it would be wider than the
 * terminal, its widest columns are wrapped.
 */
export function renderTable(
  io: Io,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const colours = coloursFor(io.stdout, io.env);
  const colWidths = widthsWithin(io.stdout.columns, [head, ...rows]);
  const table = new Table({
    head: head.map(colours.bold),
    style: { head: [], border: [], compact: true },
    ...(colWidths && { colWidths, wordWrap: true, wrapOnWordBoundary: false }),
  });
  table.push(...rows.map((row) => [...row]));
  return `${table.toString()}\n`;
}

/** Returns the widths of the columns with their padding; undefined if there is room for all. */
function widthsWithin(
  room: number | undefined,
  rows: readonly (readonly string[])[],
): number[] | undefined {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? "") + 2)),
  );
  const total = () => widths.reduce((sum, width) => sum + width + 1, 1);
  if (!room || total() <= room) return undefined;
  while (total() > room && Math.max(...widths) > LEAST_WIDTH) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

const widthOf = (cell: string): number =>
  Math.max(
    ...stripVTControlCharacters(cell)
      .split("\n")
      .map((line) => line.length),
  );
