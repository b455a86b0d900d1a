import { counted } from "../../../counted";
import type { InventoryEntry } from "../../../inventory/inventory";
import { ALARMING } from "../../../inventory/judge";
import { coloursFor, type Io } from "../../terminal/io";
import { renderTable } from "../../terminal/table";
import { answersOf, type Inventory } from "./answers";

/** Returns the inventory as a table for stdout. */
export function inventoryTable(io: Io, { entries, live, at }: Inventory): string {
  if (entries.length === 0) return "no credentials\n";
  if (!live) return renderTable(io, PLAN, entries.map(planRow));
  const { red, yellow } = coloursFor(io.stdout, io.env);
  const rows = entries.map((entry) => {
    const answers = answersOf(entry, at);
    const state = entry.reason === "" ? entry.verdict : `${entry.verdict}: ${entry.reason}`;
    const colour = ALARMING.has(entry.verdict) ? red : entry.verdict === "due" ? yellow : String;
    return [
      entry.org,
      entry.name,
      `${entry.sensitivity}\n${entry.owner}`,
      answers.age,
      answers.next,
      answers.attempt,
      answers.clients,
      answers.read,
      colour(state),
    ];
  });
  const alarming = entries.filter(({ verdict }) => ALARMING.has(verdict)).length;
  const summary = `${counted(entries.length, "credential")}, ${alarming} of them ${alarming === 1 ? "needs" : "need"} attention\n`;
  return renderTable(io, LIVE, rows) + summary;
}

const PLAN = ["organisation", "secret", "kind", "class", "owner", "rotates", "consumers"];

const LIVE = [
  "organisation",
  "credential",
  "class\nowner",
  "age",
  "next\nrotation",
  "last attempt",
  "clients",
  "read",
  "state",
];

const planRow = (entry: InventoryEntry): string[] => [
  entry.org,
  entry.secretName,
  entry.kind,
  entry.sensitivity,
  entry.owner,
  rotationText(entry),
  String(entry.consumers.length),
];

/** How a credential rotates, in words. */
export const rotationText = ({
  rotation,
  rotationDays,
  rotatedBy = "another system",
}: InventoryEntry): string =>
  rotation === "elsewhere"
    ? `by ${rotatedBy}`
    : `every ${counted(rotationDays, "day")}${rotation === "by hand" ? ", by hand" : ""}`;
