import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { run } from "../support/consumer-project";
import { temporaryFolder } from "../support/folders";
import { ROOT } from "../support/synthesized-app";

test("links to missing pages and headings are found, and what a page loads from elsewhere", () => {
  const site = temporaryFolder();
  mkdirSync(join(site, "pages"));
  writeFileSync(join(site, "pages/b c.html"), '<h1 id="here">B</h1><a href="#gone">x</a>');
  writeFileSync(
    join(site, "index.html"),
    `<script src="https://cdn.example.com/x.js"></script><a href="https://example.com/">x</a>
     <a class="y" href="pages/b%20c.html#here">x</a><a href="pages/b%20c.html#away">x</a>
     <a href="pages">x</a><a href="nowhere.html">x</a>`,
  );
  const { href } = pathToFileURL(join(ROOT, "tools/broken-links.mjs"));
  const code = `const { brokenLinks } = await import(${JSON.stringify(href)});
    process.stdout.write(JSON.stringify(brokenLinks(${JSON.stringify(site)})));`;
  expect(
    JSON.parse(run(process.execPath, ["--input-type=module", "-e", code], temporaryFolder())),
  ).toEqual([
    "index.html: https://cdn.example.com/x.js",
    "index.html: pages/b%20c.html#away",
    "index.html: pages",
    "index.html: nowhere.html",
    "pages/b c.html: #gone",
  ]);
});
