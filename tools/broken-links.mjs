// Finds links of a site that lead nowhere, and whatever a page would load from another host.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Returns a line for each broken link of the HTML pages in a folder. */
export function brokenLinks(site) {
  const pages = readdirSync(site, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".html"))
    .sort();
  const anchors = new Map();
  const hasAnchor = (file, anchor) => {
    if (!anchors.has(file)) anchors.set(file, idsOf(readFileSync(file, "utf8")));
    return anchors.get(file).has(anchor);
  };
  return pages.flatMap((page) => {
    const file = join(site, page);
    const html = readFileSync(file, "utf8");
    const loaded = [...html.matchAll(/<(?:script|img|link)[^>]* (?:src|href)="(https?:[^"]+)"/g)];
    const links = [...html.matchAll(/<a [^>]*href="(?!https?:|mailto:)([^"#]*)(?:#([^"]*))?"/g)];
    const broken = links.filter(([, path, anchor]) => {
      const target = path ? join(dirname(file), decodeURIComponent(path)) : file;
      if (!existsSync(target) || statSync(target).isDirectory()) return true;
      return anchor && target.endsWith(".html") && !hasAnchor(target, decodeURIComponent(anchor));
    });
    return [...loaded, ...broken].map(
      ([, path, anchor]) => `${relative(site, file)}: ${path}${anchor ? `#${anchor}` : ""}`,
    );
  });
}

const idsOf = (html) => new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
