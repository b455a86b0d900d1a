import { printable } from "../terminal/printable";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Returns foreign text as text of a page or of an attribute in quotes. */
export const inHtml = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);

/** How a word is coloured. */
export type Tone = "bad" | "soon" | "good" | "calm";

/** A word on a coloured ground. */
export const toned = (text: string, tone: Tone): string =>
  `<span class="tone ${tone}">${inHtml(text)}</span>`;

/** Text that is not wrapped. */
export const line = (text: string): string =>
  text === "" ? "" : `<span class="line">${inHtml(text)}</span>`;

/** A second line in small print. */
export const small = (text: string | undefined): string =>
  text === undefined || text === "" ? "" : `<small>${inHtml(text)}</small>`;

/** A cell of a table, with the value by which its column is sorted. */
export const cell = (html: string, sortBy: string | number, name = ""): string => {
  const names = [name, html === "" ? "empty" : ""].filter(Boolean).join(" ");
  return `<td${names && ` class="${names}"`} data-sort="${inHtml(String(sortBy))}">${html || "–"}</td>`;
};

/** A row of a table. Its kind is what a tile of the page counts. */
export const row = (kind: string, cells: readonly string[]): string =>
  `<tr data-kind="${inHtml(kind)}">${cells.join("")}</tr>`;

/** A list; empty if it has no items. */
export const list = (items: readonly string[]): string =>
  items.length === 0 ? "" : `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;
