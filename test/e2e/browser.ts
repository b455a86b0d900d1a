import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../support/folders";

/** The first browser that is installed; undefined if none is. */
const browser = ["chromium", "chromium-browser", "google-chrome"].find((name) => {
  try {
    execFileSync(name, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});

export const describeInBrowser = browser ? describe : describe.skip;
/** Part of the name of a group of tests. */
export const whySkipped = browser ? "" : " [skipped: no Chromium is installed]";

/** Loads a page, and returns it as the browser has it when its scripts have run. */
export function loaded(page: string): string {
  const file = join(temporaryFolder(), "page.html");
  writeFileSync(file, page);
  return execFileSync(
    browser as string,
    ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", `file://${file}`],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 64 * 1024 * 1024 },
  );
}

/** Adds markup at the end of a page. */
export const withMarkup = (page: string, markup: string): string =>
  page.replace("</body>", () => `${markup}</body>`);

/**
 * Runs a script on a page, and returns what it said, and then the title. The script has `say()`, which
 * notes the names in a column of the rows that are shown, `head(name)`, `tile(kind)` and `find(text)`.
 *
 * @param column number of the column with the names
 */
export function inBrowser(page: string, column: number, script: string): string[] {
  const probe = `<script>{ const names = () => [...document.querySelectorAll("tbody tr")]
    .filter((row) => !row.hidden).map((row) => row.cells[${column}].dataset.sort).join(" ");
    const said = []; const say = () => said.push(names());
    const head = (name) => [...document.querySelectorAll("th button")].find((one) => one.textContent === name);
    const tile = (kind) => document.querySelector('[data-only="' + kind + '"]');
    const find = (text) => { const box = document.querySelector("#filter"); box.value = text;
      box.dispatchEvent(new Event("input")); };
    ${script}
    said.push(document.title);
    document.body.innerHTML = "<pre>" + said.join("|") + "</pre>"; }</script>`;
  // The page allows its own script alone.
  const open = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
  return /<body><pre>(.*)<\/pre>/s.exec(loaded(withMarkup(open, probe)))?.[1]?.split("|") ?? [];
}
