import type { InventoryEntry } from "../../../inventory/inventory";
import { ALARMING, VERDICTS } from "../../../inventory/judge";
import { SENSITIVITY_NAMES } from "../../../registry/classification";
import { type Answers, answersOf, type Inventory } from "./answers";
import { rotationText } from "./inventory-table";
import { SCRIPT, STYLE } from "./page-assets";

/** Returns the inventory as one page for a browser, without external assets. */
export function inventoryPage({ entries, live, at }: Inventory): string {
  const time = new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
  const source = live ? "State in AWS" : "Plan of the registry, without the state in AWS";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Credentials of Genesys Cloud organisations</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Credentials of Genesys Cloud organisations</h1>
<p>${inHtml(source)}, <time datetime="${time}">${time}</time>. It contains no secret.</p>
<ul class="counts">${counts(entries)}</ul>
<label>Find <input id="filter" type="search" placeholder="organisation, owner, state …" autocomplete="off"></label>
</header>
<main>
<table>
<thead><tr>${HEADS.map((head) => `<th scope="col" aria-sort="none"><button type="button">${inHtml(head)}</button></th>`).join("")}</tr></thead>
<tbody>
${entries.map((entry) => row(entry, answersOf(entry, at))).join("\n")}
</tbody>
</table>
<p id="none" hidden>No credential matches.</p>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
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

function counts(entries: readonly InventoryEntry[]): string {
  return VERDICTS.flatMap((verdict) => {
    const count = entries.filter((entry) => entry.verdict === verdict).length;
    return count === 0 ? [] : `<li class="${toneOf(verdict)}"><b>${count}</b> ${verdict}</li>`;
  }).join("");
}

const toneOf = (verdict: InventoryEntry["verdict"]): string => {
  if (ALARMING.has(verdict)) return "bad";
  return verdict === "due" || verdict === "retiring" ? "soon" : verdict === "ok" ? "good" : "calm";
};

function row(entry: InventoryEntry, answers: Answers): string {
  const { live, verdict } = entry;
  const message = live?.lastAttempt?.message;
  const cells = [
    cell(
      `<span class="tone ${toneOf(verdict)}">${verdict}</span>${small(entry.reason)}`,
      VERDICTS.indexOf(verdict),
    ),
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
  return `<tr>${cells.join("")}</tr>`;
}

function clientIds({ live }: InventoryEntry): string {
  const ids = (live?.clients ?? []).map(({ id, current }) =>
    small(current ? `${id} (current)` : id),
  );
  return ids.length === 0 ? "" : `<details><summary>ids</summary>${ids.join("")}</details>`;
}

const line = (text: string): string =>
  text === "" ? "" : `<span class="line">${inHtml(text)}</span>`;

const cell = (html: string, sortBy: string | number): string =>
  `<td data-sort="${inHtml(String(sortBy))}">${html || "–"}</td>`;

const small = (text: string | undefined): string =>
  text === undefined || text === "" ? "" : `<small>${inHtml(text)}</small>`;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const inHtml = (text: string): string => text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
