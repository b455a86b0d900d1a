import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inventoryPage } from "../../lib/cli/commands/secrets/inventory-page";
import { byUrgency, inventoryEntry } from "../../lib/inventory/inventory";
import { temporaryFolder } from "../support/folders";

const DAY = 24 * 3_600_000;
const NOW = Date.parse("2026-11-28T12:00:00Z");

/** The first browser that is installed; undefined if none is. */
const browser = ["chromium", "chromium-browser", "google-chrome"].find((name) => {
  try {
    execFileSync(name, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});

const entry = (org: string, name: string, days: number | undefined) =>
  inventoryEntry(
    { name: org, environment: "production" },
    {
      name,
      secretName: `/genesys/production/${org}/${name}`,
      kind: "genesys-admin",
      sensitivity: "critical",
      rotationDays: 90,
      owner: "</script><script>document.title='owned'</script>",
      consumers: [],
      rotation: days === undefined ? "elsewhere" : "automatic",
    },
    days === undefined
      ? undefined
      : {
          exists: true,
          retiring: false,
          rotates: true,
          rotatedAt: NOW - days * DAY,
          deadline: NOW + (90 - days) * DAY,
          clients: [],
        },
    NOW,
  );

/** Runs a script on the page, and returns what it wrote. */
function inBrowser(script: string): string[] {
  const entries = [
    entry("na", "young", 1),
    entry("na", "mesh", undefined),
    entry("eu", "old", 100),
    entry("eu", "middle", 50),
  ].sort(byUrgency);
  const page = inventoryPage({ entries, live: true, at: NOW });
  const file = join(temporaryFolder(), "page.html");
  const probe = `<script>{ const names = () => [...document.querySelectorAll("tbody tr")]
    .filter((row) => !row.hidden).map((row) => row.cells[2].dataset.sort).join(" ");
    const said = []; const say = () => said.push(names());
    const head = (name) => [...document.querySelectorAll("th button")].find((one) => one.textContent === name);
    const find = (text) => { const box = document.querySelector("#filter"); box.value = text;
      box.dispatchEvent(new Event("input")); };
    ${script}
    said.push(document.title);
    document.body.innerHTML = "<pre>" + said.join("|") + "</pre>"; }</script></body>`;
  writeFileSync(
    file,
    page.replace("</body>", () => probe),
  );
  const dom = execFileSync(
    browser as string,
    ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", `file://${file}`],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  return /<pre>(.*)<\/pre>/.exec(dom)?.[1]?.split("|") ?? [];
}

const describeInBrowser = browser ? describe : describe.skip;
const why = browser ? "" : " [skipped: no Chromium is installed]";
describeInBrowser(`the page of the inventory${why}`, () => {
  test("shows the most urgent first, sorts by a column both ways, and finds words", () => {
    const script = `say(); head("Age").click(); say(); head("Age").click(); say();
      find("eu"); say(); find("nobody"); say(); find(""); say();`;
    expect(inBrowser(script)).toEqual([
      "old middle young mesh",
      "young middle old mesh",
      "old middle young mesh",
      "old middle",
      "",
      "old middle young mesh",
      // The text of an owner is no script.
      "Credentials of Genesys Cloud organisations",
    ]);
  });
});
