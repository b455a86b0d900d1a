import { createHash } from "node:crypto";
import { inHtml, type Tone } from "./html";
import { SCRIPT } from "./page-script";
import { STYLE } from "./page-style";

/** Rows of one kind. */
export interface Tile {
  readonly kind: string;
  readonly count: number;
  readonly tone: Tone;
}

/** A page with one table. */
export interface TablePage {
  readonly title: string;
  /** HTML below the title. */
  readonly intro: string;
  /** Numbers of rows by their kind. A click shows only those. */
  readonly tiles: readonly Tile[];
  /** Words that one may search for. */
  readonly searched: string;
  readonly heads: readonly string[];
  /** HTML of the rows. */
  readonly rows: readonly string[];
  /** Shown if no row matches. */
  readonly noMatch: string;
}

/** Returns a page for a browser that needs nothing else: no asset, no network, and no script of others. */
export const tablePage = (page: TablePage): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${CSP}">
<title>${inHtml(page.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${inHtml(page.title)}</h1>
${page.intro}
<ul class="counts" aria-label="Numbers">${page.tiles.map(tile).join("")}</ul>
<label id="find" hidden>Find <input id="filter" type="search" placeholder="${inHtml(page.searched)}" autocomplete="off"></label>
</header>
<main>
<table>
<thead><tr>${page.heads.map((head) => `<th scope="col" aria-sort="none"><button type="button">${inHtml(head)}</button></th>`).join("")}</tr></thead>
<tbody>
${page.rows.join("\n")}
</tbody>
</table>
<p id="none" role="status" hidden>${inHtml(page.noMatch)}</p>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;

const tile = ({ kind, count, tone }: Tile): string =>
  `<li><button type="button" class="${tone}" aria-pressed="false" data-only="${inHtml(kind)}"><b>${count}</b> ${inHtml(kind)}</button></li>`;

const hashOf = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Only the style and the script of this page, so markup that slipped in could still do nothing. */
const CSP = [
  "default-src 'none'",
  `style-src ${hashOf(STYLE)}`,
  `script-src ${hashOf(SCRIPT)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
