// Collects the licences of packages whose code is inside another file. A bundle has none of their
// comments, and their licences ask for a copy next to the code.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const LEGAL_FILE = /^(licen[cs]e|notice|copying|copyright)(\.\w+)?$/i;
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/**
 * Returns the text of THIRD-PARTY-NOTICES for a bundle: each package with the files that state its
 * licence. A text that several packages share is there once. Depends on the bundle alone.
 * @param {string} root folder that the bundle's paths start from
 * @param {Record<string, { bytesInOutput: number }>} inputs of the bundle, from esbuild's metafile
 */
export function noticesOf(root, inputs) {
  const folders = Object.entries(inputs).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? (PACKAGE.exec(file) ?? []) : [],
  );
  const packagesByText = new Map();
  for (const [title, text] of [...new Set(folders)].map((folder) => legalOf(join(root, folder)))) {
    packagesByText.set(text, [...(packagesByText.get(text) ?? []), title]);
  }
  const parts = [...packagesByText]
    .map(([text, titles]) => `${titles.sort().join("\n")}\n\n${text}\n`)
    .sort();
  const line = `\n${"-".repeat(80)}\n\n`;
  return ["The code beside this file contains these packages.\n", ...parts].join(line);
}

function legalOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder)
    .filter((file) => LEGAL_FILE.test(file))
    .sort();
  if (files.length === 0)
    throw new Error(
      `${name}@${version} is bundled, but ${folder} has no licence file: find its text`,
    );
  const text = files.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
  return [
    `${name} ${version} (${license})`,
    text
      .replace(/\r\n/g, "\n")
      .replace(/[ \t]+$/gm, "")
      .trim(),
  ];
}
