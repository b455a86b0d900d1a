import type { InventoryEntry } from "../../../inventory/inventory";
import { ALARMING, VERDICTS } from "../../../inventory/judge";
import { SENSITIVITY_NAMES } from "../../../registry/classification";
import { cell, inHtml, line, row, small, type Tone, toned } from "../../pages/html";
import { type Tile, tablePage } from "../../pages/table-page";
import { type Answers, answersOf, type Inventory } from "./answers";
import { rotationText } from "./inventory-table";

/** Returns the inventory as one page for a browser, without external assets. */
export function inventoryPage({ entries, live, at }: Inventory): string {
  const time = new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
  const source = live ? "State in AWS" : "Plan of the registry, without the state in AWS";
  return tablePage({
    title: "Credentials of Genesys Cloud organisations",
    intro: `<p>${inHtml(source)}, <time datetime="${time}">${time}</time>. It contains no secret.</p>`,
    tiles: tilesOf(entries),
    searched: "organisation, owner, state …",
    heads: HEADS,
    rows: entries.map((entry) => rowOf(entry, answersOf(entry, at))),
    noMatch: "No credential matches.",
  });
}

const HEADS = [
  "State",
  "Organisation",
  "Credential",
  "Class",
  "Owner",
  "Age",
  "Rotates",
  "Next rotation",
  "Last attempt",
  "Clients",
  "Read by",
];

const tilesOf = (entries: readonly InventoryEntry[]): Tile[] =>
  VERDICTS.map((kind) => ({
    kind,
    count: entries.filter(({ verdict }) => verdict === kind).length,
    tone: toneOf(kind),
  })).filter(({ count }) => count > 0);

const toneOf = (verdict: InventoryEntry["verdict"]): Tone => {
  if (ALARMING.has(verdict)) return "bad";
  return verdict === "due" || verdict === "retiring" ? "soon" : verdict === "ok" ? "good" : "calm";
};

function rowOf(entry: InventoryEntry, answers: Answers): string {
  const { live, verdict } = entry;
  const message = live?.lastAttempt?.message;
  const cells = [
    cell(`${toned(verdict, toneOf(verdict))}${small(entry.reason)}`, VERDICTS.indexOf(verdict)),
    cell(`${inHtml(entry.org)}${small(entry.environment)}`, entry.org),
    cell(`${inHtml(entry.name)}${small(entry.secretName)}`, entry.name),
    cell(`${entry.sensitivity}${small(entry.kind)}`, SENSITIVITY_NAMES.indexOf(entry.sensitivity)),
    cell(inHtml(entry.owner), entry.owner),
    cell(line(answers.age), live?.rotatedAt === undefined ? "" : -live.rotatedAt),
    cell(inHtml(rotationText(entry)), entry.rotationDays),
    cell(line(answers.next), answers.next),
    cell(
      `${line(answers.attempt)}${message === entry.reason ? "" : small(message)}`,
      live?.lastAttempt?.at ?? "",
    ),
    cell(`${line(answers.clients)}${clientIds(entry)}`, live?.clients.length ?? ""),
    cell(inHtml(answers.read), answers.read),
  ];
  return row(verdict, cells);
}

function clientIds({ live }: InventoryEntry): string {
  const ids = (live?.clients ?? []).map(({ id, current }) =>
    small(current ? `${id} (current)` : id),
  );
  return ids.length === 0 ? "" : `<details><summary>ids</summary>${ids.join("")}</details>`;
}
