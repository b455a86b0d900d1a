import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./synthesized-app";

/** Paths of all pages for people: README, CONTRIBUTING, CHANGELOG and docs/. */
export const PAGES: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .sort()
    .map((file) => join("docs", file)),
];

/** The text of a page. */
export const pageText = (page: string): string => readFileSync(join(ROOT, page), "utf8");

/**
 * The code block below a marker in a page, such as `<!-- library-example -->`.
 *
 * @throws Error when the page has no such block
 */
export function markedBlock(page: string, marker: string): string {
  const block = new RegExp(`<!-- ${marker} -->\\n\`\`\`\\w+\\n(.*?)\`\`\``, "s");
  const [, text] = block.exec(pageText(page)) ?? [];
  if (text === undefined) throw new Error(`${page} has no block with the marker ${marker}`);
  return text;
}
